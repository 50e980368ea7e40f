import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../clock.ts';
import type { Log, LogFields, LogLevel } from '../log.ts';
import type { Random } from '../random.ts';

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: async (milliseconds, signal) => {
    if (signal?.aborted) throw signal.reason;
    try {
      await delay(milliseconds, undefined, signal ? { signal } : {});
    } catch (error) {
      throw signal?.aborted ? signal.reason : error;
    }
  },
};

/** The machine's cryptographic randomness. */
export const systemRandom: Random = {
  bytes: (length) => new Uint8Array(randomBytes(length)),
  integer: (limit) => (limit <= 1 ? 0 : randomInt(limit)),
  uuid: () => randomUUID(),
};

/** One JSON object a line, to `write` (normally standard error). */
export function jsonLog(write: (line: string) => void, clock: Clock = systemClock, base: LogFields = {}): Log {
  return {
    write(level: LogLevel, event: string, fields: LogFields = {}) {
      write(`${JSON.stringify({ time: new Date(clock.now()).toISOString(), level, event, ...base, ...fields })}\n`);
    },
    with: (fields) => jsonLog(write, clock, { ...base, ...fields }),
  };
}
