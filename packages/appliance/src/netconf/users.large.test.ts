import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FromWorker } from '@picket/contracts/worker';
import { emptyScanNetwork } from '@picket/contracts/scan-network';
import { canUseNamespaces } from '@picket/testkit/namespaces/can-use-namespaces';
import { describe, expect, test } from 'vitest';
import { workerLauncher } from '../daemon/adapters/worker-process.ts';
import { readLayout } from './adapters/read-layout.ts';
import { NetworkBench } from './testing/network-bench.ts';

const support = canUseNamespaces();
const [managementUid, scanUid] = [990, 991];
const lan = {
  method: 'static' as const,
  address: '10.11.0.7',
  prefixLength: 24,
  gateway: '10.11.0.1',
  dns: ['10.11.0.1'],
  wins: [],
  domain: null,
};
const route = { destination: '10.30.0.0/16', gateway: '10.11.0.9', vlan: null };

/** Tells over its channel who it is, what it may do, and whether it gets a connection to 10.30.0.1. */
const program = `
  import { readFileSync } from 'node:fs';
  import { connect, Socket } from 'node:net';
  const stream = new Socket({ fd: 3, readable: true, writable: true });
  const rights = ['CapPrm', 'CapAmb', 'NoNewPrivs'].map((name) => new RegExp(name + ':\\\\s*(\\\\w+)').exec(readFileSync('/proc/self/status', 'utf8'))[1]);
  const tell = (reached) => {
    const message = JSON.stringify({ user: process.getuid(), group: process.getgid(), groups: process.getgroups(), rights, reached });
    stream.end(JSON.stringify({ type: 'refused', code: 'here', message }) + '\\n', () => process.exit(0));
  };
  const socket = connect(80, '10.30.0.1');
  socket.setTimeout(5000, () => tell('silence'));
  socket.once('connect', () => tell('yes')).once('error', (error) => tell(error.code));
`;

/** Tells who it is and stays. */
const staysProgram = `
  import { Socket } from 'node:net';
  const stream = new Socket({ fd: 3, readable: true, writable: true });
  stream.write(JSON.stringify({ type: 'refused', code: 'here', message: String(process.getuid()) }) + '\\n');
  setInterval(() => {}, 1000);
`;
const starter = fileURLToPath(new URL('./testing/worker-starter.ts', import.meta.url));

describe.skipIf(!support.ok)(`users of an appliance${support.ok ? '' : ` (${support.reason})`}`, () => {
  test('part management from scanning: the daemon is bound to LAN, the worker that it starts goes by what the platform set', async () => {
    await using bench = await NetworkBench.open('ncusers', { managementUid, scanUid });
    // A router beside LAN's own gateway, with a machine behind it; the gateway counts what comes for that machine.
    await bench.lab.addNamespace('router');
    await bench.lab.connect('router', 'lansw', 'p0', ['10.11.0.9/24']);
    await bench.ip('router', 'addr', 'add', '10.30.0.1/32', 'dev', 'lo');
    bench.lab.start('router', ['socat', 'TCP4-LISTEN:80,fork,reuseaddr', 'EXEC:true']);
    await bench.start();
    await bench.apply({ lan });
    const document = { ...emptyScanNetwork, generation: 1, routes: [route] };
    await bench.ask({ type: 'scan-network', document, confirmWithinSeconds: 600 });
    await bench.until((facts) => facts.lan.addresses.length === 1 && facts.failures.length === 0);

    const as = (uid: number, address: string) =>
      bench.lab.run('box', ['setpriv', `--reuid=${uid}`, `--regid=${uid}`, '--clear-groups', ...reach(address)]);
    const reach = (address: string) => ['socat', '-u', `TCP4:${address}:80,connect-timeout=3`, '-'];
    expect((await as(scanUid, '10.30.0.1')).code).toBe(0);
    expect((await as(managementUid, '10.30.0.1')).code).not.toBe(0);
    expect(await way(bench, managementUid)).toContain('via 10.11.0.1 ');
    expect(await way(bench, scanUid)).toContain('via 10.11.0.9 ');
    bench.lab.start('lansrv', ['socat', 'TCP4-LISTEN:80,fork,reuseaddr', 'EXEC:true']);
    await expect.poll(async () => (await as(managementUid, '10.11.0.1')).code, { timeout: 10_000 }).toBe(0);

    // What the daemon starts is the scanning user, with raw packets as its one right, and is reached by its kill.
    expect(await worker(bench, program)).toEqual({
      user: scanUid,
      group: scanUid,
      groups: [scanUid],
      rights: ['0000000000002000', '0000000000002000', '1'],
      reached: 'yes',
    });
  });

  test('a daemon that is not root makes its worker the scanning user and can end it, with the rights that this needs', async () => {
    await using bench = await NetworkBench.open('ncdaemon', { managementUid, scanUid });
    await bench.start();
    await bench.apply({ lan });
    const stays = join(bench.folder, 'stays.mjs');
    await writeFile(stays, staysProgram, { mode: 0o644 });
    await chmod(bench.folder, 0o755);
    const daemon = async (rights: string) => {
      // Reading this project is no right that a daemon of an installation lacks.
      const caps = `-all,+dac_read_search${rights}`;
      const user = [`--reuid=${managementUid}`, `--regid=${managementUid}`, '--clear-groups'];
      const argv = [
        'setpriv',
        ...user,
        `--inh-caps=${caps}`,
        `--ambient-caps=${caps}`,
        '--',
        process.execPath,
        starter,
      ];
      return JSON.parse((await bench.lab.run('box', [...argv, join(bench.folder, 'run'), stays])).stdout);
    };
    expect(await daemon(',+kill,+setuid,+setgid')).toEqual({
      uid: managementUid,
      said: String(scanUid),
      how: 'SIGKILL',
    });
    expect(await daemon('')).toEqual({ uid: managementUid, said: String(managementUid), how: 'SIGKILL' });
  });
});

async function way(bench: NetworkBench, uid: number): Promise<string> {
  return bench.ip('box', 'route', 'get', '10.30.0.1', 'uid', String(uid));
}

/** Starts a worker as the daemon does; gives what it tells. */
async function worker(bench: NetworkBench, text: string): Promise<unknown> {
  const folder = await mkdtemp(join(tmpdir(), 'worker-user-'));
  try {
    const file = join(folder, 'worker.mjs');
    await writeFile(file, text, { mode: 0o644 });
    // The other user reads it.
    await chmod(folder, 0o755);
    const launch = workerLauncher(
      file,
      () => [],
      null,
      () => readLayout(join(bench.folder, 'run')),
    );
    const messages: FromWorker[] = [];
    const ended = await new Promise<string>((resolve) => {
      launch({ onMessage: (message) => messages.push(message), onExit: resolve });
    });
    const [message] = messages;
    if (message?.type !== 'refused') throw new Error(`the worker told nothing: ${ended}`);
    return JSON.parse(message.message);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
