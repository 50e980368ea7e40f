import { createWriteStream } from 'node:fs';
import { systemClock, systemRandom } from '@picket/base/adapters/system';
import { silentLog } from '@picket/base/log';
import { profiles } from '@picket/plan/profile';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { openLocalEngine } from '../adapters/local-engine.ts';
import type { WantedMode } from '../adapters/probe-mode.ts';
import { PauseGate } from '../gate/pause-gate.ts';
import type { PacketOptions } from '../packets/loop-config.ts';
import { runJob } from '../run/run-job.ts';
import { jobOf } from './run-on.ts';

/** What a scan in a process of its own does: its first argument as JSON; the second is the file for the events. */
export interface PacketScanOrder {
  readonly targets: string;
  readonly ports: string;
  readonly profile: keyof typeof profiles;
  readonly exclude?: string;
  readonly options?: PacketOptions;
  /** Default `raw`. */
  readonly mode?: WantedMode;
  /** Milliseconds after the start. */
  readonly pauseAt?: number;
  readonly resumeAt?: number;
  readonly cancelAt?: number;
}

/** Its output. */
export interface PacketScanEnd {
  readonly type: 'over';
  readonly outcome: string;
  /** Milliseconds from the cancel, or from the start, to the end. */
  readonly tookMs: number;
  /** 99th percentile of the event loop's delay, milliseconds. */
  readonly delayMs: number;
}

/** Writes the events as NDJSON, then prints `PacketScanEnd`. */
async function scan(order: PacketScanOrder, file: string): Promise<void> {
  const events = createWriteStream(file);
  const mode = { mode: order.mode ?? 'raw', packetOptions: order.options ?? {} };
  const machine = { clock: systemClock, random: systemRandom, log: silentLog };
  const deps = await openLocalEngine({
    ...machine,
    ...mode,
    contentDirectory: null,
    allowListFile: null,
    names: false,
  });
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const abort = new AbortController();
  const pause = new PauseGate();
  let since = performance.now();
  const later = (ms: number | undefined, act: () => void) => {
    if (ms !== undefined) setTimeout(act, ms).unref();
  };
  later(order.pauseAt, () => pause.pause());
  later(order.resumeAt, () => pause.resume());
  later(order.cancelAt, () => {
    since = performance.now();
    abort.abort();
  });
  const { targets, ports, exclude = '' } = order;
  const run = runJob(jobOf({ targets, ports, exclude, profile: profiles[order.profile] }), deps, {
    signal: abort.signal,
    pause,
  });
  for (;;) {
    const next = await run.next();
    if (next.done) {
      const { outcome } = next.value;
      const end: PacketScanEnd = {
        type: 'over',
        outcome,
        tookMs: performance.now() - since,
        delayMs: delay.percentile(99) / 1e6,
      };
      process.stdout.write(`${JSON.stringify(end)}\n`);
      events.end();
      return;
    }
    events.write(`${JSON.stringify(next.value)}\n`);
  }
}

await scan(JSON.parse(process.argv[2] ?? '{}'), process.argv[3] ?? '');
