import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const program = fileURLToPath(new URL('./main.ts', import.meta.url));
const onLinux = process.platform === 'linux';

/** What a helper that ran would have changed: links, addresses, routes, rules. */
const network = () =>
  ['-o link', '-o addr', 'route', '-6 route', 'rule'].map((args) =>
    execFileSync('ip', args.split(' '), { encoding: 'utf8' }),
  );

function start(...args: string[]) {
  const done = spawnSync(process.execPath, [program, ...args], { encoding: 'utf8', timeout: 30_000 });
  return { code: done.status, said: done.stderr };
}

describe.skipIf(!onLinux)('the network helper on a machine that is no appliance', () => {
  it('changes nothing, says why and ends with 2', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'ncmarker-'));
    try {
      const at = (name: string) => join(folder, name);
      await writeFile(at('broken.json'), '{"version":1}', { mode: 0o600 });
      await writeFile(at('open.json'), '{"version":1,"ports":{"lan":{"name":"lo"},"wan":null}}');
      execFileSync('chmod', ['666', at('open.json')]);
      const before = network();
      const state = ['--state', at('state'), '--run', at('run')];
      for (const [args, said] of [
        [
          ['--marker', at('none.json')],
          /not set up as an appliance: .*none\.json does not exist\. Nothing was changed/,
        ],
        [['--marker', at('broken.json')], /is not understood: ports: /],
        [['--marker', at('open.json')], /may be written by others than root/],
        [['--namespace', '../../etc'], /is no namespace name/],
        [['--nonsense'], /nonsense/],
      ] as const) {
        const ended = start(...state, ...args);
        expect(ended.said).toMatch(said);
        expect(ended.code).not.toBe(0);
      }
      expect(network()).toEqual(before);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
