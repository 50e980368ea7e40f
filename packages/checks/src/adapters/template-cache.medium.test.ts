import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadTemplateTree } from './template-tree.ts';

let folder = '';
let cache = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'picket-templates-'));
  cache = join(folder, 'cache');
  mkdirSync(join(folder, 'content', 'checks'), { recursive: true });
  writeFileSync(
    join(folder, 'content', 'manifest.json'),
    JSON.stringify({ name: 'tried', version: '20261129.1', engineLevel: 1 }),
  );
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const template = (id: string, word: string, more = '') =>
  `id: ${id}\ninfo:\n  name: ${word}\n  severity: low\nhttp:\n  - path: ["{{BaseURL}}/"]\n${more}    matchers:\n      - type: word\n        words: ["${word}"]\n`;

function put(name: string, text: string, at = 1_700_000_000): void {
  const file = join(folder, 'content', 'checks', name);
  writeFileSync(file, text);
  utimesSync(file, at, at);
}

async function load(from: string | null = cache) {
  const { templates, problems } = await loadTemplateTree(join(folder, 'content'), from);
  return {
    names: templates.map(({ check, signature }) => `${check.id} ${check.name} ${signature}`).sort(),
    problems: problems.map(({ path, message }) => `${path}: ${message}`),
    digests: templates.map(({ digest }) => digest),
    programs: templates.map(({ check }) => JSON.stringify(check.program())),
  };
}

describe('the cache of templates', () => {
  it('gives the same checks, programs and problems as compiling does', async () => {
    put('a.yaml', template('a', 'alpha'));
    put('b.yaml', template('b', 'beta', '    shape: round\n'));
    const compiled = await load();
    expect(compiled).toMatchObject({ names: ['a alpha none'], problems: [expect.stringContaining('shape')] });
    expect(await load()).toEqual(compiled);
    expect(readdirSync(cache).length).toBe(2);
  });

  it('gives the same digest of a template as compiling does, and another when it says something else', async () => {
    put('a.yaml', template('a', 'alpha'));
    const { digests } = await load();
    expect(digests).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/)]);
    expect((await load()).digests).toEqual(digests);
    expect((await load(null)).digests).toEqual(digests);
    put('a.yaml', `# a remark\n${template('a', 'alpha')}`, 1_700_000_002);
    expect((await load()).digests).toEqual(digests);
    put('a.yaml', template('a', 'beta'), 1_700_000_003);
    expect((await load()).digests).not.toEqual(digests);
  });

  it('compiles again what changed, and forgets what is gone', async () => {
    put('a.yaml', template('a', 'alpha'));
    put('b.yaml', template('b', 'beta'));
    await load();
    put('a.yaml', template('a', 'gamma'), 1_700_000_001);
    rmSync(join(folder, 'content', 'checks', 'b.yaml'));
    put('c.yaml', `${template('c', 'delta')}# digest: 4a0a00473045:922c6459\n`);
    const changed = await load();
    expect(changed.names).toEqual(['a gamma none', 'c delta unverified']);
    expect(await load()).toEqual(changed);
  });

  it('compiles again when a word list that a template names has come or changed', async () => {
    put('a.yaml', template('a', 'alpha', '    payloads:\n      name: lists/names.txt\n'));
    expect((await load()).problems).toEqual([expect.stringContaining('lists/names.txt')]);
    mkdirSync(join(folder, 'content', 'lists'));
    writeFileSync(join(folder, 'content', 'lists', 'names.txt'), 'one\ntwo\n');
    expect(await load()).toMatchObject({ names: ['a alpha none'], problems: [] });
  });

  it('is no harm when it is damaged, foreign, or cannot be written', async () => {
    put('a.yaml', template('a', 'alpha'));
    const good = await load();
    for (const file of readdirSync(cache)) writeFileSync(join(cache, file), '{"damaged": true}\n[]');
    expect(await load()).toEqual(good);
    for (const file of readdirSync(cache))
      if (file.endsWith('.trees')) writeFileSync(join(cache, file), 'x'.repeat(4000));
    expect(await load()).toEqual(good);
    rmSync(cache, { recursive: true });
    writeFileSync(cache, 'a file is in the way');
    expect(await load()).toEqual(good);
  });
});
