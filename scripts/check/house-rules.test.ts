import { describe, expect, it } from 'vitest';
import { sourceFaults } from './house-rules.ts';

describe('house rules', () => {
  it('refuse a source that reads the clock itself, and name the line and the way out', () => {
    expect(sourceFaults('packages/engine/src/a.ts', 'const a = 1;\nconst t = Date.now();\n')).toEqual([
      'packages/engine/src/a.ts:2: \\bDate\\.now\\(\\) outside an adapter; take a Clock.',
    ]);
  });

  it('let an adapter, a test and a comment speak of the clock', () => {
    expect(sourceFaults('packages/engine/src/adapters/a.ts', 'Date.now();')).toEqual([]);
    expect(sourceFaults('packages/engine/src/a.test.ts', 'Date.now();')).toEqual([]);
    expect(sourceFaults('packages/engine/src/a.ts', '// never Date.now()\n')).toEqual([]);
  });

  it('refuse to index a table by text, where a key may be of somebody else', () => {
    const table = "const words: Readonly<Record<string, string>> = { a: 'b' };\n";
    expect(
      sourceFaults('packages/engine/src/a.ts', `${table}export const said = (key: string) => words[key];\n`),
    ).toEqual(['packages/engine/src/a.ts:2: words[…] finds what objects inherit; use ownValue.']);
    expect(sourceFaults('packages/engine/src/a.ts', `${table}words['a'];\nownValue(words, key);\n`)).toEqual([]);
  });

  it('refuse vague names, barrels and files over 600 lines', () => {
    expect(sourceFaults('packages/base/src/utils.ts', '')).toHaveLength(1);
    expect(sourceFaults('packages/base/src/index.ts', '')).toHaveLength(1);
    expect(sourceFaults('packages/base/src/long.ts', '\n'.repeat(600))).toHaveLength(1);
  });
});
