/**
 * The longest text, in lower case, that every match of a pattern must contain; empty when none is certain. It is a filter
 * before the pattern is compiled at all: most of thousands of patterns are never compiled in a run. Only what stands
 * outside groups and classes counts, so the answer is safe, not complete.
 */
export function requiredLiteral(pattern: string): string {
  let best = '';
  let run = '';
  const flush = () => {
    if (run.length > best.length) best = run;
    run = '';
  };
  for (let index = 0; index < pattern.length; ) {
    const char = pattern[index] ?? '';
    if (char === '|') return '';
    if (char === '(') {
      flush();
      index = skipGroup(pattern, index);
    } else if (char === '[') {
      flush();
      index = skipClass(pattern, index);
    } else if (char === '{') {
      flush();
      const end = pattern.indexOf('}', index);
      index = end < 0 ? pattern.length : end + 1;
    } else {
      const literal = literalAt(pattern, index);
      index += literal.length;
      const next = pattern[index] ?? '';
      // A quantifier belongs to the last character alone: it may stand zero times, or more than once.
      if (literal.char === null || /[?*{]/.test(next)) flush();
      else run += literal.char;
      if (next === '+') flush();
    }
  }
  flush();
  return best.toLowerCase();
}

function literalAt(pattern: string, index: number): { char: string | null; length: number } {
  const char = pattern[index] ?? '';
  if (char === '\\') {
    const escaped = pattern[index + 1] ?? '';
    // A letter or digit after the backslash has a meaning of its own, some with arguments (\x41, \p{L}, \Q).
    if (/[A-Za-z0-9]/.test(escaped)) return { char: null, length: 2 + argumentLength(pattern, index + 2, escaped) };
    return { char: escaped, length: 2 };
  }
  return { char: /[\^$.?*+)\]}]/.test(char) || char.charCodeAt(0) > 126 ? null : char, length: 1 };
}

function argumentLength(pattern: string, index: number, escaped: string): number {
  if (escaped === 'Q') return pattern.length - index;
  if (pattern[index] === '{') return Math.max(0, pattern.indexOf('}', index) - index + 1);
  if (escaped === 'x') return 2;
  if (/[0-9]/.test(escaped)) return /^[0-9]{0,2}/.exec(pattern.slice(index, index + 2))?.[0].length ?? 0;
  return 0;
}

/** Index after the class that opens at `index`. A `]` straight after `[` or `[^` is a member. */
function skipClass(pattern: string, index: number): number {
  let at = index + 1;
  if (pattern[at] === '^') at += 1;
  if (pattern[at] === ']') at += 1;
  for (; at < pattern.length && pattern[at] !== ']'; at += 1) {
    if (pattern[at] === '\\') at += 1;
    else if (pattern.startsWith('[:', at)) {
      const end = pattern.indexOf(':]', at);
      if (end > 0) at = end + 1;
    }
  }
  return at + 1;
}

function skipGroup(pattern: string, index: number): number {
  let depth = 0;
  for (let at = index; at < pattern.length; ) {
    const char = pattern[at];
    if (char === '\\') at += 2;
    else if (char === '[') at = skipClass(pattern, at);
    else {
      if (char === '(') depth += 1;
      else if (char === ')') depth -= 1;
      at += 1;
      if (depth === 0) return at;
    }
  }
  return pattern.length;
}
