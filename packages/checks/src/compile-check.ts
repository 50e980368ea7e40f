import { err, ok, type Result } from '@picket/base/result';
import { severities, type Severity } from '@picket/contracts/primitive';
import type { CheckFlow, CheckHeader, CheckProgram, CompiledCheck } from './check.ts';
import { text } from './template/checked-text.ts';
import { namesIn, parseDsl } from './dsl/parser.ts';
import { foreignProtocols, protocolOf } from './protocols/registry.ts';
import { intrusiveReasons } from './safety.ts';
import { MapReader, type PackFiles, type TemplateProblem } from './template/reader.ts';
import type { TemplateText } from './template/text.ts';
import { isMap, parseYamlTree } from './yaml-tree.ts';

export interface CompileFailure {
  /** The template's id as far as it could be read. */
  readonly id: string | null;
  readonly problems: readonly TemplateProblem[];
}

/**
 * Compiles a template. Either everything in it can be run as written, or the answer lists every reason why not: unknown
 * fields, functions, protocols. Total: hostile content gives problems, never an exception. `files` gives the word lists of the
 * template's own pack.
 */
export function compileCheck(source: string, files: PackFiles = () => null): Result<CompiledCheck, CompileFailure> {
  const problems: TemplateProblem[] = [];
  const compiled = compile(source, files, problems);
  if (compiled === null || problems.length > 0) return err({ id: compiled?.header.id ?? null, problems });
  return ok({ ...compiled.header, program: recompiling(source, files, compiled.program) });
}

const nothing: CheckProgram = { variables: [], blocks: [], flow: null, stopAtFirstMatch: false };

/** Holds the source only: a program that nobody uses any more is dropped and compiled again when it is asked for. */
function recompiling(source: string, files: PackFiles, program: CheckProgram): () => CheckProgram {
  let held = new WeakRef(program);
  return () => {
    const alive = held.deref() ?? compile(source, files, [])?.program ?? nothing;
    held = new WeakRef(alive);
    return alive;
  };
}

function compile(
  source: string,
  files: PackFiles,
  problems: TemplateProblem[],
): { header: CheckHeader; program: CheckProgram } | null {
  const tree = parseYamlTree(source);
  if (!tree.ok || !isMap(tree.value)) {
    const message = tree.ok ? 'A template must be a map.' : tree.error;
    problems.push({ kind: 'syntax', path: '', what: 'yaml', message });
    return null;
  }
  const reader = new MapReader(tree.value, '', { problems, files });
  const id = (reader.text('id') ?? '').trim();
  if (!/^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}$/.test(id))
    reader.wrong('id', 'it must be a word of letters, digits and dashes');
  const program = compileProgram(reader);
  const header = compileHeader(new MapReader(reader.node('info'), 'info', reader), id, program);
  // How the publisher signed it is judged elsewhere, over the text itself.
  for (const key of ['signature', 'digest']) reader.node(key);
  reader.finish();
  return { header, program };
}

function compileProgram(reader: MapReader): CheckProgram {
  for (const protocol of foreignProtocols) {
    if (reader.has(protocol))
      reader.unsupported(protocol, `protocol:${protocol}`, 'this protocol is not supported yet');
    reader.node(protocol);
  }
  if (reader.flag('self-contained'))
    reader.unsupported('self-contained', 'self-contained', 'it does not aim at the scanned host');
  const variables = ['constants', 'variables'].flatMap((key) => compileVariables(reader, key));
  // In the order of the file, because blocks may use what earlier ones extracted.
  const blocks = reader.keys().flatMap((key) => {
    const protocol = protocolOf(key);
    return protocol === undefined ? [] : reader.items(key).map(protocol.compile);
  });
  if (blocks.length === 0 && !foreignProtocols.some((protocol) => reader.has(protocol)))
    reader.wrong('', 'the template has no requests');
  return { variables, blocks, flow: compileFlow(reader), stopAtFirstMatch: reader.flag('stop-at-first-match') };
}

function compileVariables(reader: MapReader, key: string): [string, TemplateText][] {
  const node = reader.node(key);
  return Object.entries(isMap(node) ? node : {}).flatMap(([name, value]) => {
    if (typeof value === 'string') return [[name, text(reader, `${key}.${name}`, value)] as [string, TemplateText]];
    reader.unsupported(`${key}.${name}`, 'variable-list', 'a variable must be a text');
    return [];
  });
}

/** `http(1) && !http(2)`: anything more is JavaScript and reported. */
function compileFlow(reader: MapReader): CheckFlow | null {
  const source = reader.text('flow');
  if (source === undefined || source.trim() === '') return null;
  const node = parseDsl(source);
  const calls = node.ok ? namesIn(node.value) : null;
  const onlyBlocks =
    calls?.variables.size === 0 && [...calls.functions].every((name) => protocolOf(name) !== undefined);
  if (node.ok && onlyBlocks) return { kind: 'expression', node: node.value };
  reader.unsupported(
    'flow',
    'flow:js',
    'a flow that is more than a boolean expression of requests is not supported yet',
  );
  return null;
}

const severityNames: Readonly<Record<string, Severity>> = Object.fromEntries(severities.map((name) => [name, name]));
const list = (text: string | undefined) =>
  (text ?? '')
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');

function compileHeader(info: MapReader, id: string, program: CheckProgram): CheckHeader {
  const metadata = new MapReader(info.node('metadata'), 'info.metadata', info);
  const classification = new MapReader(info.node('classification'), 'info.classification', info);
  const tags = info
    .texts('tags')
    .flatMap(list)
    .map((tag) => tag.toLowerCase());
  const score = Number(classification.text('cvss-score') ?? 'none');
  const name = info.text('name') ?? '';
  if (name === '') info.wrong('name', 'it is missing');
  return {
    id,
    number: readNumber(metadata),
    name: name.trim().slice(0, 256),
    // `unknown` and a missing word weigh nothing.
    severity: severityNames[(info.text('severity') ?? '').trim().toLowerCase()] ?? 'info',
    description: (info.text('description') ?? '').trim(),
    impact: (info.text('impact') ?? '').trim(),
    remediation: (info.text('remediation') ?? '').trim(),
    references: info
      .texts('reference')
      .flatMap((item) => item.split('\n'))
      .map((item) => item.trim())
      .filter((item) => item !== ''),
    tags,
    cve: classification
      .texts('cve-id')
      .flatMap(list)
      .map((cve) => cve.toUpperCase()),
    cwe: classification
      .texts('cwe-id')
      .flatMap(list)
      .map((cwe) => cwe.toUpperCase()),
    cvssMetrics: classification.text('cvss-metrics') ?? null,
    cvssScore: Number.isFinite(score) && score >= 0 && score <= 10 ? score : null,
    proof: metadata.text('proof') === 'version-banner' ? 'version-banner' : 'behaviour',
    verified: metadata.text('picket-verified') ?? 'examples',
    intrusive: intrusiveReasons(tags, metadata.text('picket-safe') ?? null, program),
    services: list(metadata.text('picket-service')),
    protocols: [...new Set(program.blocks.map((block) => block.protocol))],
    ports: [
      ...new Set(
        program.blocks.flatMap((block) => (block.protocol === 'tcp' || block.protocol === 'udp' ? block.ports : [])),
      ),
    ],
  };
}

function readNumber(metadata: MapReader): number | null {
  const number = metadata.integer('picket-number');
  if (number === undefined) return null;
  if (number < 1) metadata.wrong('picket-number', 'it must be positive');
  return number;
}
