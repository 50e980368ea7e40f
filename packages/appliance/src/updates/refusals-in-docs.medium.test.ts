import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bundleFaults } from '@picket/contracts/release/bundle-fault';
import { expect, it } from 'vitest';

const source = join(import.meta.dirname, '..');
const manual = join(import.meta.dirname, '../../../../docs/updates.md');

it('docs/updates.md lists every code of a failed update, and no other', async () => {
  const used = new Set<string>([...Object.keys(bundleFaults), 'release.gone']);
  for (const folder of ['updates', 'launcher'])
    for (const name of await readdir(join(source, folder)))
      if (name.endsWith('.ts') && !name.includes('.test.'))
        for (const [, code = ''] of (await readFile(join(source, folder, name), 'utf8')).matchAll(
          /'(updates\.[a-z-]+)'/g,
        ))
          used.add(code);
  const rows = (await readFile(manual, 'utf8'))
    .split('\n')
    .filter((line) => /^\| `(updates|release|bundle)\./.test(line));
  const listed = rows.flatMap((row) =>
    [...(row.split('|')[1] ?? '').matchAll(/`([a-z.-]+)`/g)].map(([, code]) => code),
  );
  expect(listed.sort()).toEqual([...used].sort());
});
