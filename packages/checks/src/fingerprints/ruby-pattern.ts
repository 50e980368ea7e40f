import { err, ok, type Result } from '@picket/base/result';
import { RE2JS } from 're2js';

export interface PatternOptions {
  readonly ignoreCase: boolean;
  readonly dotAll: boolean;
}

/**
 * Compiles a pattern of Ruby's dialect to a linear-time one. Differences that are translated: `^` and `$` always match at
 * lines, `(?m)` means dot-all (RE2: `(?s)`), `\h` is a hexadecimal digit, `\Z` may stand before a last newline. The error is
 * the compiler's reason.
 */
export function compileRubyPattern(pattern: string, options: PatternOptions): Result<RE2JS, string> {
  let flags = RE2JS.MULTILINE;
  if (options.ignoreCase) flags |= RE2JS.CASE_INSENSITIVE;
  if (options.dotAll) flags |= RE2JS.DOTALL;
  try {
    return ok(RE2JS.compile(translateRubyPattern(pattern), flags));
  } catch (error) {
    return err(error instanceof Error ? error.message : 'the pattern does not compile');
  }
}

/** Rewrites escapes and inline options; everything else stays as it stands. */
function translateRubyPattern(pattern: string): string {
  return pattern.replace(/\\(.)|\(\?([a-z]*)(-[a-z]+)?([:)])/gs, (whole, escaped, on, off, end) => {
    if (escaped === 'h') return '[0-9a-fA-F]';
    if (escaped === 'Z') return '(?:\\n?\\z)';
    if (escaped !== undefined) return whole;
    const swap = (letters: string | undefined) => (letters ?? '').replaceAll('m', 's').replaceAll('x', '');
    const offLetters = swap(off);
    return `(?${swap(on)}${offLetters === '-' ? '' : offLetters}${end}`;
  });
}
