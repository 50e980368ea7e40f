import { existsSync, globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { packFiles } from '@picket/base/adapters/pack-files';
import { compileCheck } from '@picket/checks/compile-check';
import { describe, expect, test } from 'vitest';

/** A slice of a public template feed; it lies beside the repository and is test data only. */
const folder = fileURLToPath(new URL('../../../../../shared/feeds/nuclei-templates', import.meta.url));

describe.runIf(existsSync(folder))('the public template slice', () => {
  const files = globSync('**/*.yaml', { cwd: folder });

  test('compiles as far as this runtime claims, and says why for the rest', () => {
    const remote = { total: 0, compiled: 0 };
    for (const file of files) {
      const compiled = compileCheck(readFileSync(`${folder}/${file}`, 'utf8'), packFiles(folder));
      const explained = compiled.ok || compiled.error.problems.length > 0;
      expect(explained).toBe(true);
      if (!/^(http|network|ssl|dns|javascript)\//.test(file)) continue;
      remote.total += 1;
      if (compiled.ok) remote.compiled += 1;
    }
    process.stdout.write(`feed slice: ${remote.compiled} of ${remote.total} remote templates compile\n`);
    expect(remote.compiled / remote.total).toBeGreaterThanOrEqual(0.985);
  });
});
