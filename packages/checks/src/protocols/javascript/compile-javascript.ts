import { mostScriptText, scanScript } from '../../script/scan-script.ts';
import { text } from '../../template/checked-text.ts';
import { compileOperators } from '../../template/operators.ts';
import type { MapReader } from '../../template/reader.ts';
import type { TemplateText } from '../../template/text.ts';
import { isMap } from '../../yaml-tree.ts';
import { compilePayloads } from '../payloads.ts';
import type { JavascriptBlock } from './javascript-block.ts';

/** Compiles one entry of `javascript:`. A module or function that is not there makes the template unsupported. */
export function compileJavascript(reader: MapReader): JavascriptBlock {
  const code = reader.text('code') ?? '';
  if (code.trim() === '') reader.wrong('code', 'it is missing');
  const preCondition = reader.text('pre-condition') ?? null;
  const init = reader.text('init') ?? null;
  if (init !== null) scanned(reader, 'init', init);
  const args = compileArgs(reader);
  const block: JavascriptBlock = {
    protocol: 'javascript',
    init,
    preCondition,
    code,
    args,
    ports: portsOf(reader),
    modules: [...new Set([code, preCondition ?? ''].flatMap((source) => scanned(reader, 'code', source)))],
    payloads: compilePayloads(reader),
    operators: compileOperators(reader, 'response'),
    stopAtFirstMatch: reader.flag('stop-at-first-match'),
  };
  // Scripts of a block run one after the other; how many at once is for the engine to say.
  for (const key of ['id', 'name', 'threads', 'timeout']) reader.node(key);
  reader.finish();
  return block;
}

/** The modules that a script needs; what is missing goes to the problems. */
function scanned(reader: MapReader, field: string, source: string): readonly string[] {
  if (source.length > mostScriptText) reader.wrong(field, `it has more than ${mostScriptText} characters`);
  const { modules, missing } = scanScript(source);
  for (const what of missing)
    reader.unsupported(
      field,
      `script:${what.slice(0, 60)}`,
      `the script needs ${what.replace(':', ' ')}, which is not there`,
    );
  return modules;
}

function compileArgs(reader: MapReader): (readonly [string, TemplateText])[] {
  const node = reader.node('args');
  return Object.entries(isMap(node) ? node : {}).flatMap(([name, value]) => {
    if (!/^[A-Za-z_$][\w$]{0,60}$/.test(name)) reader.wrong('args', `"${name.slice(0, 40)}" is no name of a variable`);
    else if (typeof value === 'string') return [[name, text(reader, `args.${name}`, value)] as const];
    else reader.unsupported(`args.${name}`, 'argument-list', 'an argument must be a text');
    return [];
  });
}

function portsOf(reader: MapReader): number[] {
  const node = reader.node('args');
  const port = isMap(node) && typeof node['Port'] === 'string' ? node['Port'] : '';
  return port.split(',').flatMap((part) => {
    const number = /^[0-9]{1,5}$/.test(part.trim()) ? Number(part) : 0;
    return number >= 1 && number <= 65_535 ? [number] : [];
  });
}
