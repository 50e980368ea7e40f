import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock, systemRandom } from '@picket/base/adapters/system';
import type { Dialer } from '@picket/base/dialer';
import { FingerprintDb } from '@picket/checks/fingerprints/fingerprint-db';
import { loadFingerprintFile } from '@picket/checks/fingerprints/load-fingerprint-file';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nodeSockets } from '../adapters/node-sockets.ts';
import type { ServiceFacts } from '../run/stages.ts';
import { createIdentifyService } from './identify.ts';
import type { Daemon } from './testing/daemon.ts';
import { dataDaemons } from './testing/data-daemons.ts';
import { networkDaemons } from './testing/network-daemons.ts';
import { webDaemons } from './testing/web-daemons.ts';

const daemons: readonly Daemon[] = [...webDaemons, ...dataDaemons, ...networkDaemons];

async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}

/** Waits until a TCP port accepts; UDP daemons get their answers awaited by the identification itself. */
async function accepts(port: number, child: ChildProcess): Promise<void> {
  for (const end = Date.now() + 20_000; Date.now() < end && child.exitCode === null; ) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect({ host: '127.0.0.1', port, autoSelectFamily: false });
      socket.once('connect', () => resolve(socket.destroy() !== null));
      socket.once('error', () => resolve(false));
    });
    if (open) return;
    await systemClock.sleep(50);
  }
  throw new Error(`the daemon does not listen (exit code ${child.exitCode})`);
}

interface Running {
  readonly daemon: Daemon;
  readonly port: number;
  readonly child: ChildProcess;
}

const root = join(import.meta.dirname, '../../../..');
const content = join(root, 'content/fingerprints');
const fingerprints = new FingerprintDb(
  readdirSync(content)
    .filter((name) => name.endsWith('.xml'))
    .map((name) => {
      const file = loadFingerprintFile(readFileSync(join(content, name), 'utf8'), name, { keepExamples: false });
      if (!file.ok) throw new Error(file.error.message);
      return file.value;
    }),
);
const identify = createIdentifyService({ fingerprints });

/** Identifies what listens on `real` as if it were on `shown`. */
async function look(shown: number, real: number, protocol: 'tcp' | 'udp'): Promise<ServiceFacts> {
  const sockets = nodeSockets();
  const dialer: Dialer = {
    connectTcp: (request) => sockets.connectTcp({ ...request, port: real }),
    exchangeUdp: (request) => sockets.exchangeUdp({ ...request, port: real }),
  };
  const tools = { dialer, clock: systemClock, random: systemRandom, signal: new AbortController().signal };
  return identify({ address: '127.0.0.1', port: shown, protocol, names: [] }, tools);
}

function upstreamVersion(dpkg: string): string {
  const full = execFileSync('dpkg-query', ['-W', '-f', '${Version}', dpkg], { encoding: 'utf8' });
  return full.replace(/^[0-9]+:/, '').replace(/-[^-]*$/, '');
}

const isRoot = process.getuid?.() === 0;
const present = daemons.filter((daemon) => existsSync(daemon.program));

describe.runIf(isRoot && present.length >= 12)('real daemons of Debian (needs root and the packages)', () => {
  const running: Running[] = [];
  const folders: string[] = [];
  const madeRunSshd = !existsSync('/run/sshd');

  beforeAll(async () => {
    if (madeRunSshd) mkdirSync('/run/sshd', { mode: 0o755 });
    for (const daemon of present) {
      const folder = mkdtempSync(join(tmpdir(), 'picket-daemon-'));
      // Some daemons leave root before they write here.
      chmodSync(folder, 0o777);
      folders.push(folder);
      const port = await freePort();
      const { args, env, user } = daemon.start(port, folder);
      const command: [string, string[]] =
        user === undefined
          ? [daemon.program, [...args]]
          : ['setpriv', ['--reuid', user, '--regid', user, '--clear-groups', daemon.program, ...args]];
      const child = spawn(command[0], command[1], {
        cwd: folder,
        stdio: 'ignore',
        detached: true,
        env: { ...process.env, ...env },
      });
      running.push({ daemon, port, child });
    }
    await Promise.all(
      running.map(async ({ daemon, port, child }) => {
        if (daemon.protocol === 'udp') return;
        await accepts(port, child).catch((error: Error) => {
          throw new Error(`${daemon.name}: ${error.message}`);
        });
      }),
    );
  });

  afterAll(async () => {
    await Promise.all(
      running.map(
        ({ child }) =>
          new Promise<void>((resolve) => {
            if (child.exitCode !== null || child.signalCode !== null) return resolve();
            const hard = setTimeout(() => child.kill('SIGKILL'), 3000);
            child.once('exit', () => {
              clearTimeout(hard);
              resolve();
            });
            child.kill('SIGTERM');
          }),
      ),
    );
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
    if (madeRunSshd) rmSync('/run/sshd', { recursive: true, force: true });
  });

  it('are named rightly, on their usual port and on an odd one, with the version of the package where they tell it', async () => {
    const looks = running.flatMap(({ daemon, port }) => [
      { daemon, where: 'usual port', shown: daemon.usualPort, real: port },
      { daemon, where: 'odd port', shown: port, real: port },
    ]);
    const results = await Promise.all(
      looks.map(async (each) => ({ ...each, facts: await look(each.shown, each.real, each.daemon.protocol ?? 'tcp') })),
    );
    const wrong = results.flatMap(({ daemon, where, facts }) => {
      const wanted = {
        service: daemon.service,
        product: daemon.product,
        ...(daemon.version ? { version: upstreamVersion(daemon.dpkg) } : {}),
        ...(daemon.tls ? { tunnel: 'tls' } : {}),
      };
      const seen: Record<string, unknown> = { ...facts };
      const differs = Object.entries(wanted).filter(([key, value]) =>
        key === 'version' ? !sameVersion(String(seen[key] ?? ''), value) : seen[key] !== value,
      );
      return differs.length === 0
        ? []
        : [{ daemon: daemon.name, where, wanted, facts: JSON.stringify(facts).slice(0, 600) }];
    });
    expect(wrong).toEqual([]);
  });

  it('show their certificate', async () => {
    const nginx = running.find(({ daemon }) => daemon.tls);
    const facts = await look(443, nginx?.port ?? 0, 'tcp');
    expect(facts.tls?.certificate).toMatchObject({
      subject: 'CN=lab.test',
      names: ['lab.test', '127.0.0.1'],
      keyType: 'rsa',
      keyBits: 2048,
      selfSigned: true,
    });
  });
});

/** `9.2p1` of a banner is `9.2p1` of the package; `9.0.70-1` or `1.6.18+dfsg` may follow. */
function sameVersion(seen: string, packaged: string): boolean {
  return seen !== '' && (packaged === seen || new RegExp(`^${seen.replaceAll('.', '\\.')}(?![0-9])`).test(packaged));
}
