import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readLayout } from './read-layout.ts';

it('reads what the helper wrote, and takes a machine without one, or a broken file, for none', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'layout-'));
  try {
    expect(readLayout(folder)).toBeNull();
    const layout = {
      split: true,
      namespaces: { scan: null, management: 'picket-management' },
      resolverFolder: '/run/picket/resolv',
      wins: ['10.11.0.5'],
      scanUid: 991,
    };
    await writeFile(join(folder, 'network-layout.json'), JSON.stringify(layout));
    expect(readLayout(folder)).toEqual(layout);
    await writeFile(join(folder, 'network-layout.json'), '{"split":');
    expect(readLayout(folder)).toBeNull();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
