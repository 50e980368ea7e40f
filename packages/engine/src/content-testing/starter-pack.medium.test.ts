import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { templateFolder } from '@picket/base/adapters/template-files';
import { loadContent } from '../adapters/content-loader.ts';
import { readExamples, testExamples, testTraps } from './content-test.ts';

const directory = fileURLToPath(new URL('../../../../content', import.meta.url));
const library = await loadContent(directory);
const files = (await templateFolder(directory)).examples;

describe('the starter pack', () => {
  test('loads without a problem', () => {
    expect(library.problems.filter((problem) => problem.file.startsWith('checks/'))).toEqual([]);
    expect(library.checks.length).toBeGreaterThanOrEqual(40);
  });

  test('gives every check a unique number from 1000 up and a file of its own name', () => {
    const numbers = library.checks.map((check) => check.number ?? 0);
    expect(new Set(numbers).size).toBe(numbers.length);
    expect(Math.min(...numbers)).toBeGreaterThanOrEqual(1000);
    expect(files.map((file) => basename(file, '.examples.yaml')).sort()).toEqual(
      library.checks.map((check) => check.id).sort(),
    );
  });

  test('files a check of a CVE in the folder of its year, under its number', () => {
    const filed = files.filter((file) => file.includes('/cves/'));
    const misfiled = filed.filter((file) => {
      const [, year, number] = /\/cves\/([0-9]{4})\/cve-\1-([0-9]{4,7})-[^/]+$/.exec(file) ?? [];
      const check = library.checks.find((each) => each.id === basename(file, '.examples.yaml'));
      return check?.cve[0] !== `CVE-${year}-${number}`;
    });
    expect(filed.length).toBeGreaterThan(0);
    expect(misfiled).toEqual([]);
  });

  test.each(library.checks.map((check) => [check.id, check] as const))('%s tells what a reader needs', (_id, check) => {
    expect(check.description.length).toBeGreaterThan(20);
    expect(check.impact.length).toBeGreaterThan(10);
    expect(check.remediation.length).toBeGreaterThan(10);
    expect(check.references.length).toBeGreaterThan(0);
    expect(check.references.every((reference) => URL.canParse(reference))).toBe(true);
    expect(check.cwe.every((cwe) => /^CWE-[0-9]+$/.test(cwe))).toBe(true);
    expect(check.cwe.length).toBeGreaterThan(0);
    expect(check.tags.length).toBeGreaterThan(0);
  });

  test.each(library.checks.map((check) => [check.id, check] as const))(
    '%s declares itself safe only if the rules find it safe',
    (_id, check) => {
      const source = files.find((file) => basename(file) === `${check.id}.examples.yaml`) ?? '';
      const declared = /picket-safe: (true|false)/.exec(
        readFileSync(join(directory, dirname(source), `${check.id}.yaml`), 'utf8'),
      )?.[1];
      expect(declared).toBe(check.intrusive.length === 0 ? 'true' : 'false');
    },
  );
});

describe.concurrent.each(library.checks.map((check) => [check.id, check] as const))('%s', (id, check) => {
  test.concurrent('says what its examples expect', async () => {
    const file = files.find((name) => basename(name) === `${id}.examples.yaml`);
    const examples = await readExamples(directory, file ?? '');
    if (typeof examples === 'string') throw new Error(examples);
    expect((await testExamples(check, examples)).filter((item) => !item.ok)).toEqual([]);
  });

  test.concurrent('neither finds anything nor passes on servers that mean nothing', async () => {
    expect((await testTraps(check)).filter((item) => !item.ok)).toEqual([]);
  });
});

test('every check of a TCP or UDP service says what an answer is', () => {
  const silent = library.checks.filter((check) =>
    check.program().blocks.some((block) => 'answered' in block && block.answered.length === 0),
  );
  expect(silent.map((check) => check.id)).toEqual([]);
});
