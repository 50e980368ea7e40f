import { ownValue } from '@picket/base/own-value';
import { err, ok, type Result } from '@picket/base/result';
import { severities, type Severity } from '@picket/contracts/primitive';
import type { CheckFlow, CheckHeader, CheckProgram, CompiledCheck, RequestBlock } from './check.ts';
import { text } from './template/checked-text.ts';
import { fromHex } from './byte-string.ts';
import { namesIn, parseDsl } from './dsl/parser.ts';
import type { SocketBlock } from './protocols/socket/socket-block.ts';
import { foreignProtocols, protocolOf } from './protocols/registry.ts';
import { namedPlaces } from './run/own-place.ts';
import { intrusiveReasons } from './safety.ts';
import { scanScript } from './script/scan-script.ts';
import { scriptModules } from './script/script-modules.ts';
import { MapReader, type PackFiles, type TemplateProblem } from './template/reader.ts';
import { beginOf, type TemplateText } from './template/text.ts';
import { compileWorkflow } from './workflow/compile-workflow.ts';
import type { WorkflowStep } from './workflow/workflow-step.ts';
import { isMap, parseYamlTree, type YamlMap } from './yaml-tree.ts';

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
  const tree = readTemplate(source);
  if (!tree.ok) return err({ id: null, problems: [{ kind: 'syntax', path: '', what: 'yaml', message: tree.error }] });
  return compileTree(tree.value, files, () => {
    const again = readTemplate(source);
    if (again.ok) return again.value;
    throw new Error(again.error);
  });
}

/** The tree of a template, which a template's program can be made from again. The error is one sentence. */
export function readTemplate(source: string): Result<YamlMap, string> {
  const tree = parseYamlTree(source);
  if (!tree.ok) return tree;
  return isMap(tree.value) ? ok(tree.value) : err('A template must be a map.');
}

/** Compiles a template that is read already. `again` gives the same tree when its program was forgotten and is asked for. */
export function compileTree(
  tree: YamlMap,
  files: PackFiles,
  again: () => YamlMap,
): Result<CompiledCheck, CompileFailure> {
  const problems: TemplateProblem[] = [];
  const { header, program } = compile(tree, files, problems);
  if (problems.length > 0) return err({ id: header.id, problems });
  return ok({ ...header, program: programOf(again, files, program) });
}

/**
 * The program of a template that compiled before; it is compiled when it is asked for, and again once nobody holds it. Throws when the
 * template has changed so that it can't be run any more.
 */
export function programOf(tree: () => YamlMap, files: PackFiles, program?: CheckProgram): () => CheckProgram {
  let held = program && new WeakRef(program);
  return () => {
    const problems: TemplateProblem[] = [];
    const alive = held?.deref() ?? compile(tree(), files, problems).program;
    if (problems[0] !== undefined)
      throw new Error(`The template has changed since it was loaded: ${problems[0].message}`);
    held = new WeakRef(alive);
    return alive;
  };
}

function compile(
  tree: YamlMap,
  files: PackFiles,
  problems: TemplateProblem[],
): { header: CheckHeader; program: CheckProgram } {
  const reader = new MapReader(tree, '', { problems, files, uses: new Set() });
  const id = (reader.text('id') ?? '').trim();
  if (!/^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}$/.test(id))
    reader.wrong('id', 'it must be a word of letters, digits and dashes');
  const workflow = compileWorkflow(reader);
  const program = compileProgram(reader, id, workflow);
  const header = { ...compileHeader(new MapReader(reader.node('info'), 'info', reader), id, program), workflow };
  // How the publisher signed it is judged elsewhere, over the text itself.
  for (const key of ['signature', 'digest']) reader.node(key);
  reader.finish();
  return { header, program };
}

function compileProgram(reader: MapReader, id: string, workflow: readonly WorkflowStep[] | null): CheckProgram {
  for (const protocol of foreignProtocols) {
    if (reader.has(protocol))
      reader.unsupported(protocol, `protocol:${protocol}`, 'this protocol is not supported yet');
    reader.node(protocol);
  }
  if (reader.flag('self-contained')) reader.uses.add('own-place');
  const variables = ['constants', 'variables'].flatMap((key) => compileVariables(reader, key));
  // In the order of the file, because blocks may use what earlier ones extracted.
  const blocks = reader.keys().flatMap((key) => {
    const protocol = protocolOf(key);
    return protocol === undefined ? [] : reader.items(key).map(protocol.compile);
  });
  if (workflow === null && blocks.length === 0 && !foreignProtocols.some((protocol) => reader.has(protocol)))
    reader.wrong('', 'the template has no requests');
  if (workflow !== null && blocks.length > 0)
    reader.unsupported('workflows', 'workflow:requests', 'a workflow has no requests of its own');
  const files = blocks.filter((block) => block.protocol === 'file').length;
  if (files > 0 && files < blocks.length)
    reader.unsupported('file', 'file:mixed', 'a template looks either into files or at a host');
  const ownPlace = reader.uses.has('own-place');
  if (ownPlace && blocks.some(({ protocol }) => !['http', 'tcp', 'udp', 'tls'].includes(protocol)))
    reader.unsupported(
      'self-contained',
      'self-contained',
      'only requests over HTTP, TCP, UDP and TLS may name their server',
    );
  const flow = compileFlow(reader);
  if (blocks.some(isGlobal) && (flow !== null || ownPlace || reader.uses.has('oast') || !blocks.every(isGlobal)))
    reader.unsupported('global-matchers', 'global-matchers', 'global matchers stand for themselves, without requests');
  const stopAtFirstMatch = reader.flag('stop-at-first-match');
  return { id, variables, blocks, flow, stopAtFirstMatch, oast: reader.uses.has('oast'), ownPlace };
}

const isGlobal = (block: RequestBlock) => block.protocol === 'http' && block.global;

function compileVariables(reader: MapReader, key: string): [string, TemplateText][] {
  const node = reader.node(key);
  return Object.entries(isMap(node) ? node : {}).flatMap(([name, value]) => {
    if (typeof value === 'string') return [[name, text(reader, `${key}.${name}`, value)] as [string, TemplateText]];
    reader.unsupported(`${key}.${name}`, 'variable-list', 'a variable must be a text');
    return [];
  });
}

/** `http(1) && !http(2)` is an expression, anything more a script. */
function compileFlow(reader: MapReader): CheckFlow | null {
  const source = reader.text('flow');
  if (source === undefined || source.trim() === '') return null;
  const node = parseDsl(source);
  const calls = node.ok ? namesIn(node.value) : null;
  const onlyBlocks =
    calls?.variables.size === 0 && [...calls.functions].every((name) => protocolOf(name) !== undefined);
  if (node.ok && onlyBlocks) return { kind: 'expression', node: node.value };
  const { missing } = scanScript(source);
  for (const what of missing)
    reader.unsupported(
      'flow',
      `script:${what.slice(0, 60)}`,
      `the flow needs ${what.replace(':', ' ')}, which is not there`,
    );
  return { kind: 'javascript', source };
}

const severityNames: Readonly<Record<string, Severity>> = Object.fromEntries(severities.map((name) => [name, name]));
const list = (text: string | undefined) =>
  (text ?? '')
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');

function compileHeader(info: MapReader, id: string, program: CheckProgram): Omit<CheckHeader, 'workflow'> {
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
    severity: ownValue(severityNames, (info.text('severity') ?? '').trim().toLowerCase()) ?? 'info',
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
    services: metadata.has('picket-service') ? list(metadata.text('picket-service')) : servicesOf(info, program),
    protocols: [...new Set(program.blocks.map((block) => block.protocol))],
    ports: [...new Set(program.blocks.flatMap((block) => ('ports' in block ? block.ports : [])))],
    places: program.ownPlace ? namedPlaces(program) : null,
    global: program.blocks.some(isGlobal),
  };
}

/**
 * The services that the modules of scripts are about: a template that speaks SSH is for SSH servers on every port. A fingerprint of TLS
 * is for whatever speaks it, and one that says HTTP over TCP without a port is for web servers.
 */
function servicesOf(info: MapReader, program: CheckProgram): string[] {
  if (info.uses.has('jarm') && program.blocks.every(({ protocol }) => protocol === 'tcp')) return ['tls'];
  const { blocks } = program;
  if (
    blocks.length > 0 &&
    blocks.every((block) => block.protocol === 'tcp' && block.ports.length === 0 && saysHttp(block))
  )
    return ['http'];
  const modules = program.blocks.flatMap((block) => (block.protocol === 'javascript' ? block.modules : []));
  return [...new Set(modules.flatMap((name) => ownValue(scriptModules, name)?.services ?? []))];
}

/** Whether a conversation begins with a request of HTTP. */
function saysHttp({ inputs }: SocketBlock): boolean {
  const [first] = inputs;
  if (first === undefined || first.data === null) return false;
  const begin = beginOf(first.data);
  return /^(?:GET|HEAD|POST|PUT|OPTIONS) \S/.test(first.hex ? (fromHex(begin) ?? '') : begin);
}

function readNumber(metadata: MapReader): number | null {
  const number = metadata.integer('picket-number');
  if (number === undefined) return null;
  if (number < 1) metadata.wrong('picket-number', 'it must be positive');
  return number;
}
