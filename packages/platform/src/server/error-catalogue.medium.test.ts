import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { applianceProblems } from '@picket/contracts/protocol';
import { beforeAll, describe, expect, it } from 'vitest';

const sources = join(import.meta.dirname, '..');
const catalogue = join(import.meta.dirname, '../../../../docs/errors.md');
const word = "'([a-z]+\\.[a-z-]+)'";

/** The ways in which the sources write a problem code; each captures codes. */
const patterns = [
  new RegExp(`\\bcode: ${word}`, 'g'),
  new RegExp(`\\bcode: [^,'\\n]*(?:'[a-z]+' )?\\? ${word} : ${word}`, 'g'),
  new RegExp(`\\b(?:wrongCode|passwordRefused)\\(\\s*${word}`, 'g'),
  // The table of the web framework's own refusals.
  new RegExp(`(?:[0-9]{3}:|\\?\\?) \\[${word}`, 'g'),
];

async function sourceTexts(): Promise<readonly string[]> {
  const entries = await readdir(sources, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.name.includes('test'))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !path.includes('/testing'));
  return Promise.all(files.map((path) => readFile(path, 'utf8')));
}

/** Codes that the platform's sources write, and the statuses that stand beside them. */
function usedCodes(texts: readonly string[]): { codes: Set<string>; statuses: Map<string, Set<string>> } {
  const codes = new Set<string>(Object.values(applianceProblems));
  const statuses = new Map<string, Set<string>>();
  for (const text of texts) {
    for (const pattern of patterns)
      for (const [, ...found] of text.matchAll(pattern)) for (const code of found) if (code) codes.add(code);
    for (const [, what] of text.matchAll(/\bnotFound\('([a-z]+)'/g)) codes.add(`${what}.not-found`);
    for (const [, status, code] of text.matchAll(new RegExp(`status: ([0-9]{3}),\\s*code: ${word}`, 'g')))
      statuses.set(code ?? '', (statuses.get(code ?? '') ?? new Set()).add(status ?? ''));
  }
  return { codes, statuses };
}

interface Row {
  readonly code: string;
  readonly status: string;
  readonly meaning: string;
  readonly wayOut: string;
}

function rowsOf(document: string): readonly Row[] {
  return document
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => {
      const [, code = '', status = '', meaning = '', wayOut = ''] = line.split('|').map((cell) => cell.trim());
      return { code: code.replaceAll('`', ''), status, meaning, wayOut };
    });
}

describe('the catalogue of errors', () => {
  let used: ReturnType<typeof usedCodes>;
  let rows: readonly Row[];
  beforeAll(async () => {
    used = usedCodes(await sourceTexts());
    rows = rowsOf(await readFile(catalogue, 'utf8'));
  });

  it('lists every code of the sources, and no other, once', () => {
    expect(rows.map((row) => row.code).sort()).toEqual([...used.codes].sort());
  });

  it('says of each code what it means and what to do', () => {
    for (const { code, meaning, wayOut } of rows) {
      expect(meaning.length, code).toBeGreaterThan(10);
      expect(wayOut.length, code).toBeGreaterThan(5);
    }
  });

  it('names the statuses that the sources give', () => {
    const stated = rows.filter((row) => used.statuses.has(row.code));
    expect(stated.length).toBeGreaterThan(20);
    for (const { code, status } of stated)
      for (const each of used.statuses.get(code) ?? []) expect(status.split(', '), code).toContain(each);
  });
});
