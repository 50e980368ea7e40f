import type { Clock } from '@picket/base/clock';
import type { Lease } from '@picket/contracts/lease';
import type { PlatformTime } from './platform-time.ts';

/** Longest single sleep: an answer of the platform may correct the time meanwhile. */
const lookEveryMs = 15_000;

/** The window of the lease is over, by the platform's time; never before that is known, and never without a window. */
export function isWindowOver(lease: Pick<Lease, 'window'>, time: PlatformTime): boolean {
  return lease.window !== null && time.known && time.now() >= Date.parse(lease.window.notAfter);
}

/** Resolves when the window of the lease is over; rejects when the signal aborts, and waits for that without a window. */
export async function windowEnd(
  lease: Pick<Lease, 'window'>,
  { time, clock }: { readonly time: PlatformTime; readonly clock: Clock },
  signal: AbortSignal,
): Promise<void> {
  while (!isWindowOver(lease, time)) {
    const left = lease.window === null ? lookEveryMs : Date.parse(lease.window.notAfter) - time.now();
    await clock.sleep(Math.min(lookEveryMs, Math.max(1, time.known ? left : lookEveryMs)), signal);
  }
}
