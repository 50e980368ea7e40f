import { describe, expect, test } from 'vitest';
import { compileCheck } from '../../compile-check.ts';
import { looksInto } from './file-block.ts';

const head = 'id: a\ninfo:\n  name: a\n  severity: low\n';
const matchers = '    matchers:\n      - type: word\n        words: [x]\n';

function block(lines: string) {
  const compiled = compileCheck(`${head}file:\n  - ${lines}\n${matchers}`);
  const first = compiled.ok ? compiled.value.program().blocks[0] : undefined;
  return first?.protocol === 'file' ? first : (!compiled.ok && compiled.error.problems.map(({ what }) => what)) || [];
}

describe('a template that looks into files', () => {
  test.each([
    ['extensions: [all]', 'a/b.conf', true],
    ['extensions: [all]', 'README', true],
    ['extensions: [all]', 'photo.JPG', false],
    ['extensions: [zip]', 'a.zip', true],
    ['extensions: [.yaml, yml]', 'a.YML', true],
    ['extensions: [yaml]', 'yaml', false],
    ['extensions: [all]\n    denylist: [log, Secret.txt]', 'a.log', false],
    ['extensions: [all]\n    denylist: [log, Secret.txt]', 'x/secret.txt', false],
    ['extensions: [all]\n    denylist: [log, Secret.txt]', 'x/other.txt', true],
  ])('with %j decides by the name of %s', (lines, path, looks) => {
    const compiled = block(lines);
    if (!('protocol' in compiled)) throw new Error(compiled.join());
    expect(looksInto(compiled, path)).toBe(looks);
  });

  test.each([
    ['extensions: [all]\n    max-size: 5Kb', 5120],
    ['extensions: [all]\n    max-size: 7', 7],
    ['extensions: [all]\n    max-size: 9 GB', 16 * 1024 * 1024],
  ])('bounds what is read of a file: %j', (lines, maxSize) => {
    expect(block(lines)).toMatchObject({ maxSize });
  });

  test.each([
    ['extensions: []', 'value'],
    ['extensions: [all]\n    max-size: huge', 'value'],
    ['extensions: [all]\n    archive: true', 'field:archive'],
    ['extensions: [all]\n    mime-type: true', 'field:mime-type'],
    ['extensions: [all]\n    denylist: [a/b]', 'file:denylist'],
    ['extensions: [all]\n    shape: round', 'field:shape'],
  ])('is refused with %j', (lines, what) => {
    expect(block(lines)).toContain(what);
  });

  test('asks no host at the same time', () => {
    const mixed = `${head}file:\n  - extensions: [all]\n${matchers}http:\n  - path: ["{{BaseURL}}"]\n${matchers}`;
    const compiled = compileCheck(mixed);
    expect(compiled.ok ? [] : compiled.error.problems.map(({ what }) => what)).toEqual(['file:mixed']);
  });
});
