import { err, ok, type Result } from '@picket/base/result';
import { isAlias, Lexer, LineCounter, parseDocument, visit } from 'yaml';

/** A YAML document whose scalars kept their source text: `0000000107` stays those ten characters. */
export type YamlNode = string | readonly YamlNode[] | YamlMap;
export interface YamlMap {
  readonly [key: string]: YamlNode;
}

/** Content is hostile input: these bounds hold for every file. */
export const yamlLimits = {
  /** Characters of one file. */
  characters: 2_000_000,
  /** Nesting of maps and lists. */
  depth: 32,
  /** Aliases of one file, and how often they may multiply. */
  aliases: 64,
} as const;

/**
 * Parses one YAML document with the failsafe schema (YAML 1.2 section 10.1: maps, lists, strings). Duplicate keys are
 * tolerated, the last one wins. The error is one sentence with the line.
 */
export function parseYamlTree(source: string): Result<YamlNode, string> {
  if (source.length > yamlLimits.characters) {
    return err(`The file has ${source.length} characters; at most ${yamlLimits.characters} are read.`);
  }
  if (nestsTooDeep(source)) return err(`The file nests deeper than ${yamlLimits.depth} levels.`);
  try {
    const lines = new LineCounter();
    // Faults are in the result: a hostile file must not write warnings to the process's output.
    const document = parseDocument(source, {
      schema: 'failsafe',
      uniqueKeys: false,
      merge: true,
      lineCounter: lines,
      logLevel: 'error',
    });
    const first = document.errors[0];
    if (first) return err(`Line ${lines.linePos(first.pos[0]).line}: ${first.message.split('\n')[0]?.slice(0, 200)}`);
    let aliases = 0;
    let depth = 0;
    visit(document, (_key, node, path) => {
      if (isAlias(node)) aliases += 1;
      depth = Math.max(depth, path.length);
    });
    if (aliases > yamlLimits.aliases) return err(`The file has ${aliases} aliases; at most ${yamlLimits.aliases}.`);
    // A path holds a map and a pair for each level.
    if (depth > yamlLimits.depth * 2) return err(`The file nests deeper than ${yamlLimits.depth} levels.`);
    return ok(toTree(document.toJS({ maxAliasCount: yamlLimits.aliases })));
  } catch (error) {
    return err(
      `The file is not readable YAML: ${error instanceof Error ? error.message.slice(0, 200) : 'unknown fault'}.`,
    );
  }
}

/** So few brackets cannot nest deep enough to cost anything, whatever they are. */
const harmlessBrackets = 1000;

/** Brackets in brackets, seen before the parser is: its time grows with the square of their depth. */
function nestsTooDeep(source: string): boolean {
  if ((source.match(/[[{]/g)?.length ?? 0) <= harmlessBrackets) return false;
  let depth = 0;
  for (const token of new Lexer().lex(source)) {
    if (token === '[' || token === '{') depth += 1;
    else if (token === ']' || token === '}') depth -= 1;
    if (depth > yamlLimits.depth) return true;
  }
  return false;
}

function toTree(value: unknown): YamlNode {
  if (typeof value === 'string') return value;
  if (value === null || value === undefined) return '';
  if (Array.isArray(value)) return value.map(toTree);
  if (typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toTree(item)]));
  }
  return String(value);
}

export function isMap(node: YamlNode | undefined): node is YamlMap {
  return typeof node === 'object' && !Array.isArray(node);
}

export function isList(node: YamlNode | undefined): node is readonly YamlNode[] {
  return Array.isArray(node);
}
