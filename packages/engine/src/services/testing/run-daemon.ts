import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@picket/base/adapters/system';
import type { Daemon } from './daemon.ts';

/** A daemon that listens. */
export interface RunningDaemon {
  readonly daemon: Daemon;
  /** The loopback port that leads to it. */
  readonly port: number;
  readonly stop: () => Promise<void>;
}

/** How long a daemon may take until it listens, milliseconds. */
const startMs = 40_000;

/** Starts a daemon in a folder of its own; resolves once it listens. Rejects with what it was when it does not. */
export async function runDaemon(daemon: Daemon): Promise<RunningDaemon> {
  const folder = mkdtempSync(join(tmpdir(), 'picket-daemon-'));
  // Some daemons leave root before they write here.
  chmodSync(folder, 0o777);
  const children: ChildProcess[] = [];
  const stop = async () => {
    await Promise.all(children.toReversed().map(end));
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const port = await freePort();
    const real = daemon.ownNetwork ? daemon.usualPort : port;
    const child = startProgram(daemon, real, folder);
    children.push(child);
    const protocol = daemon.protocol ?? 'tcp';
    await listens(child, protocol, real);
    await isReady(daemon, folder, child);
    if (daemon.ownNetwork) {
      const relay = startRelay(child.pid ?? 0, protocol, { from: port, to: real });
      children.push(relay);
      await listens(relay, protocol, port);
    }
    return { daemon, port, stop };
  } catch (error) {
    await stop();
    throw new Error(`${daemon.name}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

function startProgram(daemon: Daemon, port: number, folder: string): ChildProcess {
  const { args, env, user } = daemon.start(port, folder);
  const asUser = user === undefined ? [] : ['setpriv', '--reuid', user, '--regid', user, '--clear-groups'];
  const words = [...(daemon.ownNetwork ? ownNetwork : quietConsole), ...asUser, daemon.program, ...args];
  return spawn(words[0] ?? '', words.slice(1), {
    cwd: folder,
    stdio: [daemon.readsInput ? 'pipe' : 'ignore', 'ignore', 'ignore'],
    detached: true,
    env: { ...process.env, ...env },
  });
}

/** Where no syslog runs, daemons log to the console, and wait for it: a serial line may take its time. */
const noConsole = 'mount --bind /dev/null /dev/console';
const quietConsole = ['unshare', '--mount', 'sh', '-c', `${noConsole} && exec "$@"`, 'sh'];

/** A network of its own with nothing but the loopback, and a /run of its own for sockets and locks. */
const ownNetwork = [
  'unshare',
  '--net',
  '--mount',
  'sh',
  '-c',
  `${noConsole} && mount -t tmpfs tmpfs /run && mkdir /run/rpcbind && ip link set lo up && exec "$@"`,
  'sh',
];

/** Brings what comes to a loopback port into the network of a process. */
function startRelay(pid: number, protocol: 'tcp' | 'udp', ports: { from: number; to: number }): ChildProcess {
  const listen = protocol === 'tcp' ? 'TCP-LISTEN' : 'UDP-LISTEN';
  const target = `${protocol.toUpperCase()}:127.0.0.1:${ports.to}`;
  const inside = `EXEC:nsenter -t ${pid} -n socat -T 10 - ${target.replaceAll(':', '\\:')}`;
  return spawn('socat', ['-T', '10', `${listen}:${ports.from},bind=127.0.0.1,fork,reuseaddr`, inside], {
    stdio: 'ignore',
    detached: true,
  });
}

/** Waits until a socket is bound in the network of the process, by what the kernel says; nothing is sent. */
async function listens(child: ChildProcess, protocol: 'tcp' | 'udp', port: number): Promise<void> {
  const end = Date.now() + startMs;
  while (Date.now() < end && child.exitCode === null && child.signalCode === null) {
    if (isBound(child.pid ?? 0, protocol, port)) return;
    await systemClock.sleep(50);
  }
  throw new Error(`it does not listen (exit code ${child.exitCode ?? 'none'})`);
}

async function isReady({ ready }: Daemon, folder: string, child: ChildProcess): Promise<void> {
  const end = Date.now() + startMs;
  while (ready !== undefined && !ready(folder)) {
    if (Date.now() > end || child.exitCode !== null) throw new Error('it listens, and does not get ready');
    await systemClock.sleep(50);
  }
}

/** True when `/proc` lists a listening (0A) TCP socket or a UDP socket on the port. */
function isBound(pid: number, protocol: 'tcp' | 'udp', port: number): boolean {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  const line = new RegExp(`^ *[0-9]+: [0-9A-F]+:${hex} [0-9A-F]+:[0-9A-F]+ ${protocol === 'tcp' ? '0A' : '07'} `, 'm');
  return [protocol, `${protocol}6`].some((table) => {
    try {
      return line.test(readFileSync(`/proc/${pid}/net/${table}`, 'latin1'));
    } catch {
      return false;
    }
  });
}

/** Ends the process and what it started in its group, by its id. */
function end(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    const group = (signal: NodeJS.Signals) => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, signal);
      } catch {
        // Gone already.
      }
    };
    if (child.exitCode !== null || child.signalCode !== null) {
      group('SIGKILL');
      return resolve();
    }
    const hard = setTimeout(() => group('SIGKILL'), 3000);
    child.once('exit', () => {
      clearTimeout(hard);
      group('SIGKILL');
      resolve();
    });
    group('SIGTERM');
  });
}

function freePort(): Promise<number> {
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
