import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FromWorker } from '@picket/contracts/worker';
import { canUseNamespaces } from '@picket/testkit/namespaces/can-use-namespaces';
import { NetworkLab } from '@picket/testkit/namespaces/network-lab';
import { describe, expect, test } from 'vitest';
import { workerLauncher } from './worker-process.ts';

const support = canUseNamespaces();

/** Tells over its channel where it is. */
const program = `
  import { readFileSync, readlinkSync } from 'node:fs';
  import { Socket } from 'node:net';
  const stream = new Socket({ fd: 3, readable: true, writable: true });
  const message = readlinkSync('/proc/self/ns/net') + ' ' + readFileSync('/etc/resolv.conf', 'utf8');
  stream.end(JSON.stringify({ type: 'refused', code: 'here', message }) + '\\n', () => process.exit(0));
`;

describe.skipIf(!support.ok)(`a scan worker on an appliance${support.ok ? '' : ` (${support.reason})`}`, () => {
  test.each([
    ['under split network', true],
    ['in the standard configuration', false],
  ])(
    'is started in the scanning namespace with its resolver %s, and keeps its channel to the daemon',
    async (_, split) => {
      await using lab = new NetworkLab('worker');
      for (const name of ['scan', 'mgmt']) await lab.addNamespace(name);
      const folder = await mkdtemp(join(tmpdir(), 'worker-network-'));
      try {
        await writeFile(join(folder, 'worker.mjs'), program);
        await writeFile(join(folder, 'scan.conf'), 'nameserver 10.11.0.53\n');
        const namespaces = { scan: lab.fullName('scan'), management: lab.fullName('mgmt') };
        const launch = workerLauncher(
          join(folder, 'worker.mjs'),
          () => [],
          null,
          () => ({
            split,
            namespaces,
            resolverFolder: folder,
            wins: [],
            scanUid: null,
          }),
        );
        const messages: FromWorker[] = [];
        const ended = new Promise<string>((resolve) => {
          launch({ onMessage: (message) => messages.push(message), onExit: resolve });
        });
        expect(await ended).toBe('exit code 0');
        const where = (await lab.run('scan', ['readlink', '/proc/self/ns/net'])).stdout.trim();
        expect(messages).toEqual([{ type: 'refused', code: 'here', message: `${where} nameserver 10.11.0.53\n` }]);
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
  );
});
