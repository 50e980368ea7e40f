import { compilePattern } from '../regex.ts';
import { anyNumber, bounded, type DslFunction, ofTexts } from './function.ts';
import { DslFault, type DslValue, numberOf, textOf } from './value.ts';

const flatten = (args: readonly DslValue[]): string[] =>
  args.flatMap((arg) => (Array.isArray(arg) ? arg.map(textOf) : [textOf(arg)]));
/** Only ASCII letters have two cases; a text of nothing else may take the faster way. */
const foreign = /[\u0080-\uffff]/;
const lower = (text: string) =>
  foreign.test(text) ? text.replace(/[A-Z]+/g, (part) => part.toLowerCase()) : text.toLowerCase();
const upper = (text: string) =>
  foreign.test(text) ? text.replace(/[a-z]+/g, (part) => part.toUpperCase()) : text.toUpperCase();
const lines = (text: string) => text.split('\n');

function trimStart(text: string, cutset: string): string {
  let start = 0;
  while (start < text.length && cutset.includes(text.charAt(start))) start += 1;
  return text.slice(start);
}

function trimEnd(text: string, cutset: string): string {
  let end = text.length;
  while (end > 0 && cutset.includes(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
}

function pattern(source: string) {
  const compiled = compilePattern(source);
  if (typeof compiled === 'string') throw new DslFault(`the pattern does not compile: ${compiled}`);
  return compiled;
}

/** substr(text, start, end?): negative ends count from the right. */
function substring(args: readonly DslValue[]): string {
  const text = textOf(args[0] ?? '');
  const start = numberOf(args[1] ?? 0);
  const end = args[2] === undefined ? text.length : numberOf(args[2]);
  const last = end < 0 ? text.length + end : end;
  if (start < 0 || start > text.length || last > text.length || start > last)
    throw new DslFault('substr is out of range');
  return text.slice(start, last);
}

/** split(text, size) cuts into pieces; split(text, separator, limit?) cuts at separators. */
function split(args: readonly DslValue[]): DslValue {
  const text = textOf(args[0] ?? '');
  const by = args[1] ?? '';
  if (typeof by === 'number') {
    if (by < 1) throw new DslFault('split needs a positive size');
    const pieces: string[] = [];
    for (let at = 0; at < text.length; at += by) pieces.push(text.slice(at, at + by));
    return pieces;
  }
  const pieces = text.split(textOf(by));
  const limit = args[2] === undefined ? -1 : numberOf(args[2]);
  if (limit < 0 || pieces.length <= limit) return pieces;
  return [...pieces.slice(0, limit - 1), pieces.slice(limit - 1).join(textOf(by))];
}

function sort(args: readonly DslValue[]): DslValue {
  if (args.length === 1) return [...textOf(args[0] ?? '')].sort().join('');
  return args.map(textOf).sort();
}

function unique(args: readonly DslValue[]): DslValue {
  if (args.length === 1) return [...new Set(textOf(args[0] ?? ''))].join('');
  return [...new Set(args.map(textOf))];
}

const byFlag = (test: (text: string, needles: string[]) => boolean): DslFunction => ({
  least: 2,
  most: anyNumber,
  run: ([text, ...needles]) => test(textOf(text ?? ''), flatten(needles)),
});

/** Functions that search, cut and join texts. */
export const textFunctions: Readonly<Record<string, DslFunction>> = {
  contains: ofTexts(2, 2, (text, part) => (text ?? '').includes(part ?? '')),
  contains_all: byFlag((text, needles) => needles.every((needle) => text.includes(needle))),
  contains_any: byFlag((text, needles) => needles.some((needle) => text.includes(needle))),
  starts_with: byFlag((text, needles) => needles.some((needle) => text.startsWith(needle))),
  ends_with: byFlag((text, needles) => needles.some((needle) => text.endsWith(needle))),
  line_starts_with: byFlag((text, needles) =>
    lines(text).some((line) => needles.some((needle) => line.startsWith(needle))),
  ),
  line_ends_with: byFlag((text, needles) =>
    lines(text).some((line) => needles.some((needle) => line.endsWith(needle))),
  ),
  equals_any: byFlag((text, needles) => needles.includes(text)),
  index: {
    least: 2,
    most: 2,
    run: ([text, at]) => {
      const list = Array.isArray(text) ? text.map(textOf) : [...textOf(text ?? '')];
      const found = list[numberOf(at ?? 0)];
      if (found === undefined) throw new DslFault('the index is out of range');
      return found;
    },
  },
  to_lower: ofTexts(1, 1, (text) => lower(text ?? '')),
  to_upper: ofTexts(1, 1, (text) => upper(text ?? '')),
  to_title: ofTexts(1, 1, (text) => (text ?? '').replace(/\b[a-z]/g, upper)),
  to_string: ofTexts(1, 1, (text) => text ?? ''),
  to_bool: ofTexts(1, 1, (text) => {
    if (/^(?:1|t|true)$/i.test(text ?? '')) return true;
    if (/^(?:0|f|false)$/i.test(text ?? '')) return false;
    throw new DslFault('the text is neither true nor false');
  }),
  len: { least: 1, most: 1, run: ([value]) => (Array.isArray(value) ? value.length : textOf(value ?? '').length) },
  concat: { least: 1, most: anyNumber, run: (args) => bounded(flatten(args).join('')) },
  join: { least: 2, most: anyNumber, run: ([by, ...items]) => bounded(flatten(items).join(textOf(by ?? ''))) },
  repeat: {
    least: 2,
    most: 2,
    run: ([value, times]) => {
      const text = textOf(value ?? '');
      const count = numberOf(times ?? 0);
      if (count < 0 || count * text.length > 8_388_608) throw new DslFault('repeat grows too large');
      return text.repeat(count);
    },
  },
  replace: ofTexts(3, 3, (text, from, to) => bounded((text ?? '').split(from ?? '').join(to ?? ''))),
  replace_regex: ofTexts(3, 3, (text, from, to) => bounded(pattern(from ?? '').replace(text ?? '', to ?? ''))),
  regex: ofTexts(2, 2, (source, text) => pattern(source ?? '').test(text ?? '')),
  regex_all: byFlag((source, texts) => texts.every((text) => pattern(source).test(text))),
  regex_any: byFlag((source, texts) => texts.some((text) => pattern(source).test(text))),
  remove_bad_chars: ofTexts(2, 2, (text, bad) =>
    [...(text ?? '')].filter((character) => !(bad ?? '').includes(character)).join(''),
  ),
  reverse: ofTexts(1, 1, (text) => [...(text ?? '')].reverse().join('')),
  trim: ofTexts(2, 2, (text, cut) => trimEnd(trimStart(text ?? '', cut ?? ''), cut ?? '')),
  trim_left: ofTexts(2, 2, (text, cut) => trimStart(text ?? '', cut ?? '')),
  trim_right: ofTexts(2, 2, (text, cut) => trimEnd(text ?? '', cut ?? '')),
  trim_space: ofTexts(1, 1, (text) => (text ?? '').trim()),
  trim_prefix: ofTexts(2, 2, (text, part) =>
    (text ?? '').startsWith(part ?? '') ? (text ?? '').slice((part ?? '').length) : (text ?? ''),
  ),
  trim_suffix: ofTexts(2, 2, (text, part) =>
    part !== '' && (text ?? '').endsWith(part ?? '')
      ? (text ?? '').slice(0, (text ?? '').length - (part ?? '').length)
      : (text ?? ''),
  ),
  substr: { least: 2, most: 3, run: substring },
  split: { least: 2, most: 3, run: split },
  sort: { least: 1, most: anyNumber, run: sort },
  uniq: { least: 1, most: anyNumber, run: unique },
};
