import { versionMatches } from './compare-versions.ts';
import { anyNumber, type DslFunction, ofTexts } from './function.ts';
import { type DslAmbient, DslFault, type DslValue, numberOf, textOf } from './value.ts';

const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
const digits = '0123456789';

function radix(pattern: RegExp, base: number): DslFunction {
  return ofTexts(1, 1, (text) => {
    const match = pattern.exec(text ?? '');
    if (!match) throw new DslFault('the text is not a number of that base');
    return Number.parseInt(match[1] ?? '', base);
  });
}

function randomText(count: DslValue | undefined, alphabet: string, ambient: DslAmbient): string {
  const length = numberOf(count ?? 0);
  if (length < 0 || length > 65_536 || alphabet === '')
    throw new DslFault('the length of a random text is out of range');
  let text = '';
  for (let at = 0; at < length; at += 1) text += alphabet.charAt(ambient.random.integer(alphabet.length));
  return text;
}

/** rand_text_*(length, characters to leave out). */
function randomOf(alphabet: string): DslFunction {
  return {
    least: 1,
    most: 2,
    run: ([count, bad], ambient) => randomText(count, without(alphabet, textOf(bad ?? '')), ambient),
  };
}

const without = (alphabet: string, bad: string) =>
  [...alphabet].filter((character) => !bad.includes(character)).join('');

function randomInteger([low, high]: readonly DslValue[], ambient: DslAmbient): number {
  const from = low === undefined ? 0 : numberOf(low);
  const to = high === undefined ? 2_147_483_647 : numberOf(high);
  if (to <= from) throw new DslFault('rand_int has an empty range');
  return from + ambient.random.integer(to - from);
}

/** date_time(format, unix seconds?): the %-letters of the format library and Go's own layout words. */
function dateTime([format, seconds]: readonly DslValue[], ambient: DslAmbient): string {
  const date = new Date(seconds === undefined ? ambient.now() : numberOf(seconds) * 1000);
  if (Number.isNaN(date.getTime())) throw new DslFault('the time is out of range');
  const [day = '', time = ''] = date.toISOString().split(/[TZ.]/);
  const [year = '', month = '', dayOfMonth = ''] = day.split('-');
  const [hour = '', minute = '', second = ''] = time.split(':');
  const percent: Readonly<Record<string, string>> = {
    Y: year,
    M: month,
    D: dayOfMonth,
    d: dayOfMonth,
    m: minute,
    H: hour,
    S: second,
  };
  const layout: Readonly<Record<string, string>> = {
    '2006': year,
    '01': month,
    '02': dayOfMonth,
    '15': hour,
    '04': minute,
    '05': second,
  };
  const text = textOf(format ?? '');
  if (text.includes('%')) return text.replace(/%([YMDdmHS])/g, (whole, letter: string) => percent[letter] ?? whole);
  return text.replace(/2006|01|02|15|04|05/g, (word) => layout[word] ?? word);
}

/** Functions of numbers, versions, chance and time. */
export const numberFunctions: Readonly<Record<string, DslFunction>> = {
  to_number: { least: 1, most: 1, run: ([value]) => numberOf(value ?? '') },
  dec_to_hex: { least: 1, most: 1, run: ([value]) => numberOf(value ?? '').toString(16) },
  hex_to_dec: radix(/^(?:0x)?([0-9a-fA-F]{1,13})$/, 16),
  oct_to_dec: radix(/^(?:0o)?([0-7]{1,17})$/, 8),
  bin_to_dec: radix(/^(?:0b)?([01]{1,53})$/, 2),
  compare_versions: {
    least: 2,
    most: anyNumber,
    run: ([version, ...constraints]) => versionMatches(textOf(version ?? ''), constraints.map(textOf)),
  },
  rand_base: {
    least: 1,
    most: 2,
    run: ([count, alphabet], ambient) => randomText(count, textOf(alphabet ?? '') || letters + digits, ambient),
  },
  rand_char: {
    least: 0,
    most: 1,
    run: ([alphabet], ambient) => randomText(1, textOf(alphabet ?? '') || letters + digits, ambient),
  },
  rand_text_alpha: randomOf(letters),
  rand_text_alphanumeric: randomOf(letters + digits),
  rand_text_numeric: randomOf(digits),
  rand_int: { least: 0, most: 2, run: randomInteger },
  unix_time: { least: 0, most: 1, run: ([ahead], ambient) => Math.floor(ambient.now() / 1000) + numberOf(ahead ?? 0) },
  to_unix_time: ofTexts(1, 2, (text) => {
    const time = Date.parse(text ?? '');
    if (Number.isNaN(time)) throw new DslFault('the text is no time');
    return Math.floor(time / 1000);
  }),
  date_time: { least: 1, most: 2, run: dateTime },
};
