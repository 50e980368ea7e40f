import { RE2JS } from 're2js';
import { asUtf8, type ByteString, fromText, toText } from './byte-string.ts';

/** A compiled RE2 expression over byte strings. Linear time whatever the pattern: content cannot hang the engine. */
export interface BytePattern {
  readonly source: string;
  test(input: ByteString): boolean;
  /** Up to `limit` matches, each as its groups (group 0 is the whole match; absent groups are empty). */
  matches(input: ByteString, limit: number): readonly (readonly ByteString[])[];
  /** Every match replaced; `$1` and `${1}` stand for groups. */
  replace(input: ByteString, replacement: ByteString): ByteString;
}

/**
 * Compiles with Go's RE2 syntax. Input that is valid UTF-8 is matched as text, everything else byte by byte. Returns
 * the reason as a string when the pattern does not compile.
 */
export function compilePattern(source: ByteString, flags: { ignoreCase?: boolean } = {}): BytePattern | string {
  try {
    const text = toText(source);
    const compiled = RE2JS.compile(text, flags.ignoreCase ? RE2JS.CASE_INSENSITIVE : 0);
    return wrap(text, compiled);
  } catch (error) {
    return error instanceof Error ? error.message.slice(0, 200) : 'the pattern does not compile';
  }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII is meant.
const onlyAscii = /^[\x00-\x7f]*$/;

function wrap(source: string, compiled: RE2JS): BytePattern {
  return {
    source,
    test: (input) => compiled.matcher(view(input).text).find(),
    matches(input, limit) {
      const { text, back } = view(input);
      const matcher = compiled.matcher(text);
      const found: string[][] = [];
      while (found.length < limit && matcher.find()) {
        const groups: string[] = [];
        for (let group = 0; group <= matcher.groupCount(); group += 1) groups.push(back(matcher.group(group) ?? ''));
        found.push(groups);
      }
      return found;
    },
    replace(input, replacement) {
      const { text, back } = view(input);
      const expand = (...groups: unknown[]): string =>
        replacement.replace(/\$\{?(\d)\}?/g, (_whole, digit: string) => {
          const group = groups[Number(digit)];
          return typeof group === 'string' ? group : '';
        });
      return back(compiled.matcher(text).replaceAll(expand));
    },
  };
}

/** How an input is shown to the matcher, and how a piece of it becomes bytes again. */
function view(input: ByteString): { text: string; back: (piece: string) => ByteString } {
  if (onlyAscii.test(input)) return { text: input, back: (piece) => piece };
  const text = asUtf8(input);
  return text === null ? { text: input, back: (piece) => piece } : { text, back: fromText };
}
