import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { importFaults } from './imports.ts';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** Plants a file below a package for the time of one check. */
async function withPlanted(path: string, text: string, test: () => Promise<void>): Promise<void> {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  try {
    await test();
  } finally {
    rmSync(dirname(file), { recursive: true, force: true });
  }
}

describe('import directions', () => {
  it('hold in the whole tree', async () => {
    expect(await importFaults(root)).toEqual([]);
  });

  it('catch a platform that imports the engine', async () => {
    const text = "import { runJob } from '@picket/engine/run/run-job';\nexport const planted = runJob;\n";
    await withPlanted(`packages/platform/src/planted-${process.pid}/violation.ts`, text, async () => {
      expect(await importFaults(root, ['packages/platform/src'])).toContainEqual(
        expect.stringContaining('direction-platform'),
      );
    });
  });

  it('catch an engine stage that opens a socket itself', async () => {
    const text = "import { connect } from 'node:net';\nexport const planted = connect;\n";
    await withPlanted(`packages/engine/src/planted-${process.pid}/violation.ts`, text, async () => {
      expect(await importFaults(root, ['packages/engine/src'])).toContainEqual(
        expect.stringContaining('one-way-to-the-network'),
      );
    });
  });
});
