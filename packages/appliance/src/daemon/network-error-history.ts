import { type Clock, isoTime } from '@picket/base/clock';
import type { Random } from '@picket/base/random';
import { mostNetworkErrors, type NetworkErrorReport } from '@picket/contracts/network-error';
import { z } from 'zod';
import type { NetworkError } from '../console/errors/network-error.ts';

/** One error as it is kept on the disk; times are of this machine's own clock, milliseconds since the epoch. */
export const storedNetworkErrors = z
  .array(
    z.object({
      id: z.uuid(),
      code: z.string().regex(/^[0-9]{2}$/),
      description: z.string().max(16),
      eCode: z.string().regex(/^E[0-9]{2}$/),
      raisedAt: z.number(),
      clearedAt: z.number().nullable(),
    }),
  )
  .max(mostNetworkErrors);
export type StoredNetworkErrors = z.infer<typeof storedNetworkErrors>;

export interface HistoryDeps {
  readonly clock: Clock;
  readonly random: Random;
  /** Called with all that is to be kept, after each change. */
  readonly save: (errors: StoredNetworkErrors) => void;
}

/**
 * What kept the appliance from the platform, until the platform has heard of it: it can only be told afterwards, perhaps after a restart. At most 16 are
 * kept, the newest.
 */
export class NetworkErrorHistory {
  readonly #deps: HistoryDeps;
  #errors: StoredNetworkErrors;

  constructor(deps: HistoryDeps, stored: StoredNetworkErrors) {
    this.#deps = deps;
    this.#errors = stored;
  }

  /** What `NETWORK ERR` shows now; null: nothing. Another error than before ends the one before. */
  note(error: NetworkError | null): void {
    const last = this.#errors.at(-1);
    const open = last !== undefined && last.clearedAt === null ? last : null;
    if (open === null && error === null) return;
    if (open !== null && error !== null && isSame(open, error)) return;
    const now = this.#deps.clock.now();
    const ended = this.#errors.map((each) => (each.clearedAt === null ? { ...each, clearedAt: now } : each));
    this.#keep(error === null ? ended : [...ended, this.#raised(error, now)]);
  }

  /** For the next poll. `offsetMs`: platform time minus this machine's. */
  report(offsetMs: number): NetworkErrorReport[] {
    return this.#errors.map((each) => ({
      ...each,
      raisedAt: isoTime(each.raisedAt + offsetMs),
      clearedAt: each.clearedAt === null ? null : isoTime(each.clearedAt + offsetMs),
    }));
  }

  /** The platform has answered a poll that told these: what is over is forgotten. */
  acknowledge(sent: readonly NetworkErrorReport[]): void {
    const done = new Set(sent.filter(({ clearedAt }) => clearedAt !== null).map(({ id }) => id));
    if (done.size > 0) this.#keep(this.#errors.filter(({ id }) => !done.has(id)));
  }

  #raised({ code, description, eCode }: NetworkError, now: number): StoredNetworkErrors[number] {
    return { id: this.#deps.random.uuid(), code, description, eCode, raisedAt: now, clearedAt: null };
  }

  #keep(errors: StoredNetworkErrors): void {
    this.#errors = errors.slice(-mostNetworkErrors);
    this.#deps.save(this.#errors);
  }
}

function isSame(open: NetworkError, error: NetworkError): boolean {
  return open.code === error.code && open.description === error.description && open.eCode === error.eCode;
}
