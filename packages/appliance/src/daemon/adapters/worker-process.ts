import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Duplex } from 'node:stream';
import { type FromWorker, fromWorker, type ToWorker } from '@picket/contracts/worker';
import { lineChannel } from '../../local/line-channel.ts';
import { readLayout } from '../../netconf/adapters/read-layout.ts';
import type { NetworkLayout } from '../../netconf/network-layout.ts';
import { workerHeapBounds } from '../../worker/heap-bounds.ts';
import { type ProcessRights, workerCommand } from '../worker-command.ts';

/** A running scan worker as the daemon sees it. */
export interface WorkerHandle {
  readonly pid: number;
  send(message: ToWorker): void;
  /** Ends the worker's whole process group at once. */
  kill(): void;
}

export interface WorkerListener {
  readonly onMessage: (message: FromWorker) => void;
  /** It is gone, with all its messages delivered. `how` is an exit code or signal, for logs. */
  readonly onExit: (how: string) => void;
}

/** Starts a scan worker. */
export type WorkerLauncher = (listener: WorkerListener) => WorkerHandle;

const maxLineBytes = 1_048_576;
/** Between the end of a worker's channel and the end of its process group, milliseconds. */
const exitGraceMs = 500;

/** The words that start a program as scan workers are started: their user, namespace and resolvers. */
export function workerWords(argv: readonly string[], layout: NetworkLayout | null): string[] {
  return workerCommand(argv, layout, processRights());
}

/** What this process may do with workers; without /proc nothing that others may not. */
function processRights(): ProcessRights {
  const isRoot = process.getuid?.() === 0;
  try {
    const permitted = /^CapPrm:\s*([0-9a-f]+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0';
    return { isRoot, capabilities: BigInt(`0x${permitted}`) };
  } catch {
    return { isRoot, capabilities: 0n };
  }
}

/**
 * Runs `entry` with the arguments of that moment under this Node in a process group of its own, with next to no environment: no platform credential is in
 * it. The two talk over a socket pair that the worker inherits as descriptor 3, so nothing else on the machine can
 * connect in its place, and the worker notices the daemon's death by its end. `cacheFolder` keeps its compiled code, apart
 * from the daemon's: the worker meets hostile input and must not be able to plant code for the daemon.
 */
export function workerLauncher(
  entry: string,
  args: () => readonly string[],
  cacheFolder: string | null = null,
  layout: () => NetworkLayout | null = readLayout,
): WorkerLauncher {
  return (listener) => {
    const worker = [process.execPath, ...workerHeapBounds, entry, ...args()];
    const [program = '', ...words] = workerWords(worker, layout());
    const child = spawn(program, words, {
      detached: true,
      env: {
        PATH: '/usr/sbin:/usr/bin:/sbin:/bin',
        LANG: 'C.UTF-8',
        ...(cacheFolder === null ? {} : { NODE_COMPILE_CACHE: cacheFolder }),
      },
      stdio: ['ignore', 'ignore', 'inherit', 'pipe'],
    });
    let how: string | null = null;
    let channelOver = false;
    const settle = () => {
      if (how !== null && channelOver) listener.onExit(how);
    };
    child.once('error', (error) => {
      how ??= error.message;
      channelOver = true;
      settle();
    });
    child.once('exit', (code, signal) => {
      how ??= signal ?? `exit code ${code}`;
      settle();
    });
    const stream = child.stdio[3] as Duplex;
    const kill = () => {
      if (child.pid === undefined || how !== null) return;
      try {
        process.kill(-child.pid, 'SIGKILL');
      } catch {
        // Gone already.
      }
    };
    const channel = lineChannel(stream, {
      maxLineBytes,
      onMessage: (message) => {
        const parsed = fromWorker.safeParse(message);
        if (parsed.success) listener.onMessage(parsed.data);
        else channel.close();
      },
      onEnd: () => {
        channelOver = true;
        // Without its channel a worker is of no use and must not scan on; one that is done ends by itself in this time.
        if (how === null) setTimeout(kill, exitGraceMs).unref();
        settle();
      },
    });
    return { pid: child.pid ?? 0, send: (message) => channel.send(message), kill };
  };
}
