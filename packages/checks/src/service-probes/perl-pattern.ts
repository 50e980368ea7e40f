import { err, ok, type Result } from '@picket/base/result';
import { RE2JS } from 're2js';

export interface PerlPatternOptions {
  readonly ignoreCase: boolean;
  readonly dotAll: boolean;
}

/**
 * Compiles a Perl-compatible pattern to a linear-time one, over text with one character per byte. Translated: `$` and `\Z` may stand
 * before a last newline, `\h` is a blank or a tab, `\R` any line end, `\e` and `\cX` control characters, and two ways of looking ahead that
 * have an equal without it. The error says what can't be had in linear time or is not known: look-around, back-references, atomic
 * groups, possessive quantifiers.
 */
export function compilePerlPattern(pattern: string, options: PerlPatternOptions): Result<RE2JS, string> {
  const translated = translate(withoutLookAhead(pattern));
  if (!translated.ok) return translated;
  let flags = 0;
  if (options.ignoreCase) flags |= RE2JS.CASE_INSENSITIVE;
  if (options.dotAll) flags |= RE2JS.DOTALL;
  try {
    return ok(RE2JS.compile(translated.value, flags));
  } catch (error) {
    return err(error instanceof Error ? error.message.slice(0, 200) : 'it does not compile');
  }
}

/**
 * Header lines up to one that begins with a letter: "a line whose end no empty line follows", any number of times, is one line of any
 * kind and then lines that are not empty. A last look at one byte is that byte missing, or the end.
 */
function withoutLookAhead(pattern: string): string {
  return pattern
    .replaceAll(
      /\(\?:\[\^\\r\\n\]\*\\r\\n\(\?!\\r\\n\)\)\*\?(?=[A-Za-z])/g,
      '(?:[^\\r\\n]*\\r\\n(?:[^\\r\\n]+\\r\\n)*?)??',
    )
    .replace(/\(\?!(\\x[0-9a-fA-F]{2})\)$/, '(?:[^$1]|\\z)');
}

const endOfText = '(?:\\n?\\z)';
const outside: Readonly<Record<string, string>> = {
  Z: endOfText,
  h: '[\\t ]',
  R: '(?:\\r\\n|[\\n\\v\\f\\r])',
  e: '\\x1b',
};
const inside: Readonly<Record<string, string>> = { h: '\\t ', e: '\\x1b', b: '\\x08' };

function translate(pattern: string): Result<string, string> {
  let out = '';
  let inClass = false;
  for (let at = 0; at < pattern.length; at += 1) {
    const char = pattern[at] ?? '';
    if (char === '\\') {
      const escape = escapeAt(pattern, at, inClass);
      if (!escape.ok) return escape;
      out += escape.value.text;
      at += escape.value.length - 1;
    } else if (inClass) {
      const named = /^\[:\^?[a-z]+:\]/.exec(pattern.slice(at, at + 16))?.[0];
      out += named ?? (char === '[' ? '\\[' : char);
      if (named) at += named.length - 1;
      else if (char === ']') inClass = false;
    } else if (char === '[') {
      // A "]" straight after the opening is a member.
      const head = /^\[\^?\]?/.exec(pattern.slice(at, at + 3))?.[0] ?? '[';
      out += head.endsWith(']') && head.length > 1 ? `${head.slice(0, -1)}\\]` : head;
      at += head.length - 1;
      inClass = true;
    } else {
      const unusable = unusableAt(pattern, at);
      if (unusable !== null) return err(unusable);
      out += char === '$' ? endOfText : char;
    }
  }
  return inClass ? err('a class is not closed') : ok(out);
}

function escapeAt(pattern: string, at: number, inClass: boolean): Result<{ text: string; length: number }, string> {
  const letter = pattern[at + 1];
  if (letter === undefined) return err('it ends with a backslash');
  const control = letter === 'c' ? pattern[at + 2] : undefined;
  if (control !== undefined) {
    const code = control.toUpperCase().charCodeAt(0) ^ 0x40;
    return ok({ text: `\\x${(code & 0xff).toString(16).padStart(2, '0')}`, length: 3 });
  }
  const octal = /^[0-7]{1,3}/.exec(pattern.slice(at + 1, at + 4))?.[0] ?? '';
  if (octal.startsWith('0') || (inClass && octal !== '') || octal.length === 3) {
    const code = Number.parseInt(octal, 8) & 0xff;
    return ok({ text: `\\x${code.toString(16).padStart(2, '0')}`, length: 1 + octal.length });
  }
  if (/[1-9]/.test(letter)) return err('it refers back to a group');
  if (/[GKXkg]/.test(letter)) return err(`"\\${letter}" is not available`);
  const table = inClass ? inside : outside;
  if (Object.hasOwn(table, letter)) return ok({ text: table[letter] ?? '', length: 2 });
  // Perl takes any other letter and sign for itself; RE2 wants signs only.
  const known = /[A-Za-z]/.test(letter) ? /[AbBdDsSwWzafnrtvxpPQEC]/.test(letter) : true;
  if (letter.charCodeAt(0) > 0x7e) return ok({ text: letter, length: 2 });
  return ok({ text: known ? `\\${letter}` : letter, length: 2 });
}

/** Why what stands at this place can't be had in linear time; null when it can. */
function unusableAt(pattern: string, at: number): string | null {
  const ahead = pattern.slice(at, at + 4);
  if (/^\(\?[=!]/.test(ahead)) return 'it looks ahead';
  if (/^\(\?<[=!]/.test(ahead)) return 'it looks behind';
  if (ahead.startsWith('(?>')) return 'it has an atomic group';
  if (/^\(\?[(|&R0-9]/.test(ahead) || ahead.startsWith('(*')) return 'it has a condition or a call';
  if (/^[*+?}]\+/.test(ahead) && (pattern[at] !== '}' || /\{\d+(?:,\d*)?$/.test(pattern.slice(0, at))))
    return 'it has a possessive quantifier';
  return null;
}
