import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadTemplateTree, openPack } from './template-tree.ts';

let top = '';
beforeEach(() => {
  top = mkdtempSync(join(tmpdir(), 'picket-tree-'));
});
afterEach(() => rmSync(top, { recursive: true }));

const head = (id: string) => `id: ${id}\ninfo:\n  name: ${id}\n  severity: low\n`;
const page = '  - path: ["{{BaseURL}}/"]\n    matchers:\n      - type: word\n        words: [hello]\n';
const check = (id: string) => `${head(id)}http:\n${page}`;
const flow = (id: string, part: string) => `${head(id)}workflows:\n  - template: ${part}\n`;

function put(path: string, text: string): void {
  mkdirSync(dirname(join(top, path)), { recursive: true });
  writeFileSync(join(top, path), text);
}

describe('loading a tree of templates', () => {
  it('links workflows with their parts, from the cache too, and looks again for parts that have gone', async () => {
    put('tree/http/a.yaml', check('a'));
    put('tree/workflows/w.yaml', flow('w', 'http/a.yaml'));
    const load = async () => {
      const { templates, problems } = await loadTemplateTree(join(top, 'tree'), join(top, 'cache'));
      return [...templates.map((each) => `${each.check.id} ${each.workflow?.steps[0]?.parts[0]?.id}`), ...problems];
    };
    expect(await load()).toEqual(['a undefined', 'w a']);
    expect(await load()).toEqual(['a undefined', 'w a']);
    rmSync(join(top, 'tree/http/a.yaml'));
    expect(await load()).toEqual([
      {
        path: 'workflows/w.yaml',
        kind: 'unsupported',
        message: expect.stringContaining('no template and no folder http/a.yaml'),
      },
    ]);
  });

  it('takes no part that lies outside of the pack, by whatever way', async () => {
    put('outside/a.yaml', check('outside'));
    put('tree/link-to-file.yaml', flow('one', 'linked.yaml'));
    put('tree/link-to-folder.yaml', flow('two', 'linked/a.yaml'));
    symlinkSync(join(top, 'outside/a.yaml'), join(top, 'tree/linked.yaml'));
    symlinkSync(join(top, 'outside'), join(top, 'tree/linked'));
    put('tree/dots.yaml', flow('three', '../outside/a.yaml'));
    put('tree/whole.yaml', flow('four', join(top, 'outside/a.yaml')));
    const { templates, problems } = await loadTemplateTree(join(top, 'tree'), null);
    expect(templates).toEqual([]);
    expect(problems.map(({ path }) => path)).toEqual([
      'dots.yaml',
      'link-to-file.yaml',
      'link-to-folder.yaml',
      'whole.yaml',
    ]);
    expect((await openPack(join(top, 'tree'))).load('linked.yaml')).toEqual([expect.anything()]);
  });

  it('tells that a scan does not run what looks into files', async () => {
    put(
      'tree/f.yaml',
      `${head('f')}file:\n  - extensions: [all]\n    matchers:\n      - type: word\n        words: [x]\n`,
    );
    const { templates, problems } = await loadTemplateTree(join(top, 'tree'), null);
    expect([templates, problems]).toEqual([
      [],
      [{ path: 'f.yaml', kind: 'unsupported', message: expect.stringContaining('a scan reads none of a host') }],
    ]);
  });
});
