import { fromText, toText } from '../byte-string.ts';
import { compilePattern } from '../regex.ts';
import { type JqFunction, listOf, numberIn, ofInput, ofValues, stringOf } from './function.ts';
import { isList, isObject, JqFault, type JqValue, sameValue, textOfValue } from './value.ts';

const mostMatches = 1000;

/** RE2 with jq's flags `i`, `x`, `s`, `g`, `n`. */
function pattern(source: JqValue, flags: JqValue | undefined) {
  const letters = flags === undefined || flags === null ? '' : stringOf(flags);
  if (!/^[igsxn]*$/.test(letters)) throw new JqFault(`the flags "${letters.slice(0, 10)}" are not supported`);
  const text = stringOf(source);
  const compiled = compilePattern(fromText(`${letters.includes('s') ? '(?s)' : ''}${text}`), {
    ignoreCase: letters.includes('i'),
  });
  if (typeof compiled === 'string') throw new JqFault(compiled);
  return { compiled, all: letters.includes('g'), names: groupNames(text) };
}

/** Names of the groups in order; null for one without. */
function groupNames(source: string): (string | null)[] {
  return [...source.matchAll(/\\.|\[(?:\\.|[^\]])*\]|\((?:\?P?<([A-Za-z_]\w*)>|(?!\?))/g)]
    .filter(([whole]) => whole.startsWith('('))
    .map((match) => match[1] ?? null);
}

const matchesOf = (input: JqValue, source: JqValue, flags: JqValue | undefined, all: boolean) => {
  const { compiled, all: everywhere, names } = pattern(source, flags);
  const found = compiled.matches(fromText(stringOf(input)), all || everywhere ? mostMatches : 1);
  return { names, found: found.map((groups) => groups.map(toText)) };
};

const test: JqFunction = ofValues((input, [source, flags]) =>
  pattern(source ?? null, flags).compiled.test(fromText(stringOf(input))),
);

const scan: JqFunction = function* (input, args, caller) {
  for (const source of args[0] ? caller.run(args[0], input) : [])
    for (const groups of matchesOf(input, source, undefined, true).found)
      yield groups.length > 1 ? groups.slice(1) : (groups[0] ?? '');
};

const capture: JqFunction = function* (input, args, caller) {
  for (const source of args[0] ? caller.run(args[0], input) : []) {
    const { found, names } = matchesOf(input, source, undefined, false);
    for (const groups of found)
      yield Object.fromEntries(names.flatMap((name, at) => (name === null ? [] : [[name, groups[at + 1] ?? null]])));
  }
};

/** The replacement is a filter that may use the named groups. */
const replace = (all: boolean): JqFunction =>
  function* (input, args, caller) {
    const [patternNode, replacement] = args;
    if (!patternNode || !replacement) return;
    for (const source of caller.run(patternNode, input)) {
      const { found, names } = matchesOf(input, source, undefined, all);
      let rest = stringOf(input);
      let out = '';
      for (const groups of found) {
        const whole = groups[0] ?? '';
        const at = rest.indexOf(whole);
        if (at < 0) break;
        const named = Object.fromEntries(
          names.flatMap((name, group) => (name ? [[name, groups[group + 1] ?? '']] : [])),
        );
        const values = [...caller.run(replacement, named)];
        out += rest.slice(0, at) + stringOf(values[0] ?? '');
        rest = rest.slice(at + whole.length);
        caller.meter.built(out.length);
      }
      yield out + rest;
    }
  };

function indices(input: JqValue, part: JqValue): JqValue {
  if (isList(input))
    return input.flatMap((item, index) => (sameValue(item, part) || startsAt(input, index, part) ? [index] : []));
  const [text, needle] = [stringOf(input), stringOf(part)];
  if (needle === '') return null;
  const found: number[] = [];
  for (let at = text.indexOf(needle); at >= 0; at = text.indexOf(needle, at + 1)) found.push(at);
  return found;
}

function startsAt(list: readonly JqValue[], at: number, part: JqValue): boolean {
  return isList(part) && part.length > 0 && part.every((item, offset) => sameValue(list[at + offset] ?? null, item));
}

function toNumber(input: JqValue): number {
  if (typeof input === 'number') return input;
  const text = stringOf(input).trim();
  if (text === '' || !Number.isFinite(Number(text))) throw new JqFault('the string is no number');
  return Number(text);
}

function length(input: JqValue): number {
  if (input === null) return 0;
  if (typeof input === 'number') return Math.abs(input);
  if (typeof input === 'boolean') throw new JqFault('a boolean has no length');
  if (typeof input === 'string') return [...input].length;
  return isObject(input) ? Object.keys(input).length : listOf(input).length;
}

function parse(input: JqValue): JqValue {
  try {
    const value: JqValue = JSON.parse(stringOf(input));
    return value;
  } catch {
    throw new JqFault('the string is no JSON');
  }
}

const letters = (from: RegExp, change: (text: string) => string) =>
  ofInput((input) => stringOf(input).replace(from, change));
const ofTwoTexts = (run: (text: string, other: string) => JqValue) =>
  ofValues((input, [other]) => run(stringOf(input), stringOf(other ?? null)));

/** Functions of strings and conversions, by name and number of arguments. Regular expressions are RE2. */
export const jqTextFunctions: Readonly<Record<string, JqFunction>> = {
  'test/1': test,
  'test/2': test,
  'scan/1': scan,
  'capture/1': capture,
  'sub/2': replace(false),
  'gsub/2': replace(true),
  'length/0': ofInput(length),
  'utf8bytelength/0': ofInput((input) => Buffer.byteLength(stringOf(input))),
  'tostring/0': ofInput(textOfValue),
  'tonumber/0': ofInput(toNumber),
  'tojson/0': ofInput((input) => JSON.stringify(input)),
  'fromjson/0': ofInput(parse),
  'startswith/1': ofTwoTexts((text, part) => text.startsWith(part)),
  'endswith/1': ofTwoTexts((text, part) => text.endsWith(part)),
  'ltrimstr/1': ofValues((input, [part]) =>
    typeof input === 'string' && typeof part === 'string' && input.startsWith(part) ? input.slice(part.length) : input,
  ),
  'rtrimstr/1': ofValues((input, [part]) =>
    typeof input === 'string' && typeof part === 'string' && part !== '' && input.endsWith(part)
      ? input.slice(0, -part.length)
      : input,
  ),
  'trim/0': ofInput((input) => stringOf(input).trim()),
  'ltrim/0': ofInput((input) => stringOf(input).trimStart()),
  'rtrim/0': ofInput((input) => stringOf(input).trimEnd()),
  'split/1': ofTwoTexts((text, by) => (text === '' ? [] : text.split(by))),
  'join/1': ofValues((input, [by]) =>
    listOf(input)
      .map((item) => (item === null ? '' : textOfValue(item)))
      .join(stringOf(by ?? null)),
  ),
  'ascii_downcase/0': letters(/[A-Z]+/g, (text) => text.toLowerCase()),
  'ascii_upcase/0': letters(/[a-z]+/g, (text) => text.toUpperCase()),
  'explode/0': ofInput((input) => [...stringOf(input)].map((character) => character.codePointAt(0) ?? 0)),
  'implode/0': ofInput((input) =>
    listOf(input)
      .map((code) => String.fromCodePoint(Math.min(0x10ffff, Math.max(0, Math.trunc(numberIn(code))))))
      .join(''),
  ),
  'indices/1': ofValues((input, [part]) => indices(input, part ?? null)),
  'index/1': ofTwoTexts((text, part) => (text.includes(part) ? text.indexOf(part) : null)),
  'rindex/1': ofTwoTexts((text, part) => (text.includes(part) ? text.lastIndexOf(part) : null)),
};
