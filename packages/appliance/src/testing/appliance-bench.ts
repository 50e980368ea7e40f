import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { systemClock, systemRandom } from '@picket/base/adapters/system';
import { silentLog } from '@picket/base/log';
import { directConnector } from '@picket/outbound/adapters/direct-connector';
import { workerLauncher } from '../daemon/adapters/worker-process.ts';
import { daemonConfig } from '../daemon/config.ts';
import type { Daemon } from '../daemon/daemon.ts';
import { startDaemon } from '../daemon/start.ts';
import type { ApplianceStatus } from '../local/status.ts';
import type { PlatformStandIn } from './platform-stand-in.ts';

export const scriptedWorker = fileURLToPath(new URL('scripted-worker.ts', import.meta.url));

export interface BenchOptions {
  readonly enrolment: string;
  readonly stateDirectory: string;
  readonly worker?: string;
  readonly workerArgs?: readonly string[];
  readonly settings?: Readonly<Record<string, unknown>>;
}

/** A daemon in this process, with its statuses in `seen`. */
export async function startAppliance(options: BenchOptions): Promise<Daemon & { readonly seen: ApplianceStatus[] }> {
  const seen: ApplianceStatus[] = [];
  const daemon = await startDaemon(
    daemonConfig.parse({ stateDirectory: options.stateDirectory, enrolment: options.enrolment, ...options.settings }),
    {
      clock: systemClock,
      random: systemRandom,
      log: silentLog,
      connector: directConnector(2000),
      launch: workerLauncher(options.worker ?? scriptedWorker, () => options.workerArgs ?? []),
      onStatus: (status) => seen.push(status),
    },
  );
  return { ...daemon, seen };
}

export async function temporaryFolder(): Promise<{ path: string; remove: () => Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'picket-appliance-'));
  return { path, remove: () => rm(path, { recursive: true, force: true, maxRetries: 3 }) };
}

/** Waits until `condition` holds, looking every 10 ms; fails with `what` after `timeoutMs`. */
export async function until(what: string, condition: () => boolean, timeoutMs = 45_000): Promise<void> {
  const end = performance.now() + timeoutMs;
  while (!condition()) {
    if (performance.now() > end) throw new Error(`not within ${timeoutMs} ms: ${what}`);
    await systemClock.sleep(10);
  }
}

/** Port events as `address:port`, sorted, and how the slice ended. */
export function harvest(platform: PlatformStandIn): { ports: string[]; outcomes: string[] } {
  const ports = new Set<string>();
  const outcomes: string[] = [];
  for (const { event } of platform.events) {
    if (event.type === 'port') ports.add(`${event.address}:${event.port}`);
    if (event.type === 'slice') outcomes.push(event.outcome);
  }
  return { ports: [...ports].sort(), outcomes };
}
