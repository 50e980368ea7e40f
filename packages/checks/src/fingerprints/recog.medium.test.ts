import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkExamples, type ExampleReport } from './check-examples.ts';
import { FingerprintDb } from './fingerprint-db.ts';
import type { FingerprintFile } from './fingerprint-file.ts';
import { loadFingerprintFile } from './load-fingerprint-file.ts';
import { compileRubyPattern } from './ruby-pattern.ts';

const root = join(import.meta.dirname, '../../../..');
/** Public fingerprints beside the repository; a plain clone has none, and then the tests say so by being reported as skipped. */
const recog = join(root, '../shared/feeds/recog');

function load(folder: string): FingerprintFile[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.xml'))
    .map((name) => {
      const file = loadFingerprintFile(readFileSync(join(folder, name), 'utf8'), join(folder, name));
      if (!file.ok) throw new Error(`${name}: ${file.error.message}`);
      return file.value;
    });
}

function readBeside(source: string, fileName: string): Uint8Array | null {
  const path = join(source, '..', fileName);
  return existsSync(path) ? readFileSync(path) : null;
}

describe.runIf(existsSync(recog))('the whole of recog (needs ../shared/feeds/recog)', () => {
  it('passes every example and every asserted value', () => {
    const reports: ExampleReport[] = load(recog).map((file) => checkExamples(file, readBeside, { firstMatch: false }));
    const sum = (pick: (report: ExampleReport) => number) => reports.reduce((total, report) => total + pick(report), 0);
    expect(reports.flatMap((report) => report.failures)).toEqual([]);
    expect([sum((r) => r.examplesPassed), sum((r) => r.examples)]).toEqual([7525, 7525]);
    expect([sum((r) => r.valuesPassed), sum((r) => r.values)]).toEqual([7852, 7852]);
  });

  it('finds the same first match with the literal filter as without it', () => {
    const files = load(recog);
    const db = new FingerprintDb(files);
    for (const file of files.filter((each) =>
      ['ssh.banner', 'ftp.banner', 'http_header.server'].includes(each.database),
    )) {
      const compiled = file.fingerprints.map((each) => ({ each, regex: compileRubyPattern(each.pattern, each) }));
      for (const example of file.fingerprints
        .flatMap((each) => each.examples)
        .filter((each) => each.encoding === 'text')) {
        const unfiltered = compiled.find(({ regex }) => regex.ok && regex.value.matcher(example.text).find());
        expect(db.match(file.database, example.text)?.description).toBe(unfiltered?.each.description);
      }
    }
  });
});
