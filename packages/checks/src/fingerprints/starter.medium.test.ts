import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkExamples } from './check-examples.ts';
import { toCpe23 } from './cpe23.ts';
import { FingerprintDb } from './fingerprint-db.ts';
import { loadFingerprintFile } from './load-fingerprint-file.ts';

const folder = join(import.meta.dirname, '../../../../content/fingerprints');
const files = readdirSync(folder)
  .filter((name) => name.endsWith('.xml'))
  .map((name) => {
    const file = loadFingerprintFile(readFileSync(join(folder, name), 'utf8'), name);
    if (!file.ok) throw new Error(`${name}: ${file.error.message}`);
    return file.value;
  });
const all = files.flatMap((file) => file.fingerprints);

describe('the starter fingerprints', () => {
  it('are at least 100, all understood and all with an example', () => {
    expect(all.length).toBeGreaterThanOrEqual(100);
    expect(files.flatMap((file) => file.problems)).toEqual([]);
    expect(all.filter((each) => each.examples.length === 0)).toEqual([]);
  });

  it('pass their examples, each meeting its own fingerprint first', () => {
    const reports = files.map((file) => checkExamples(file, () => null, { firstMatch: true }));
    expect(reports.flatMap((report) => report.failures)).toEqual([]);
  });

  it('use each capture of a pattern, and none that is not there', () => {
    const wrong = all.filter((each) => {
      const groups = each.pattern.replaceAll(/\\.|\[[^\]]*\]|\(\?[:i]/g, '').split('(').length - 1;
      return each.params.some((param) => param.pos > groups);
    });
    expect(wrong.map((each) => each.description)).toEqual([]);
  });

  it('name software by CPE names that are well formed', () => {
    const db = new FingerprintDb(files);
    const names = files.flatMap((file) =>
      file.fingerprints.flatMap((each) =>
        each.examples.flatMap((example) => {
          const text = example.encoding === 'base64' ? Buffer.from(example.text, 'base64').toString() : example.text;
          const fields = db.match(file.database, text)?.fields ?? {};
          return Object.entries(fields)
            .filter(([name]) => name.endsWith('.cpe23'))
            .map(([, cpe]) => cpe);
        }),
      ),
    );
    expect(names.length).toBeGreaterThan(100);
    expect(names.filter((name) => toCpe23(name) === null)).toEqual([]);
  });
});
