import { type Clock, isoTime } from '@picket/base/clock';
import type { Random } from '@picket/base/random';
import { mostNetworkErrors } from '@picket/contracts/network-error';
import type { PollRequest } from '@picket/contracts/poll';
import { z } from 'zod';
import type { NetworkError } from '../console/errors/network-error.ts';

/** One error as it is kept on the disk; times are of this machine's own clock, milliseconds since the epoch. */
export const storedNetworkErrors = z
  .array(
    z.object({
      id: z.uuid(),
      /** Empty: a COMMUNICATION FAILURE. */
      code: z.string().regex(/^([0-9]{2})?$/),
      description: z.string().max(16),
      eCode: z.string().regex(/^E[0-9]{2}$/),
      raisedAt: z.number(),
      clearedAt: z.number().nullable(),
    }),
  )
  .max(mostNetworkErrors);
export type StoredNetworkErrors = z.infer<typeof storedNetworkErrors>;

type ToldErrors = Pick<PollRequest, 'networkErrors' | 'communicationFailures'>;

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

  /**
   * What `NETWORK ERR` shows now, or why communication fails (without a code); null: nothing. Another error than before ends the one before; a failure of
   * communication stays the same one, whatever is found out about it.
   */
  note(error: NetworkError | null): void {
    const last = this.#errors.at(-1);
    const open = last !== undefined && last.clearedAt === null ? last : null;
    if (open === null && error === null) return;
    if (open !== null && error !== null && isSame(open, error)) return;
    if (open !== null && error !== null && open.code === '' && error.code === '')
      return this.#keep([
        ...this.#errors.slice(0, -1),
        { ...open, description: error.description, eCode: error.eCode },
      ]);
    const now = this.#deps.clock.now();
    const ended = this.#errors.map((each) => (each.clearedAt === null ? { ...each, clearedAt: now } : each));
    this.#keep(error === null ? ended : [...ended, this.#raised(error, now)]);
  }

  /** For the next poll. `offsetMs`: platform time minus this machine's. */
  report(offsetMs: number): ToldErrors {
    const told = this.#errors.map((each) => ({
      ...each,
      raisedAt: isoTime(each.raisedAt + offsetMs),
      clearedAt: each.clearedAt === null ? null : isoTime(each.clearedAt + offsetMs),
    }));
    const networkErrors = told.filter(({ code }) => code !== '');
    const communicationFailures = told
      .filter(({ code }) => code === '')
      .map(({ id, description, eCode, raisedAt, clearedAt }) => ({ id, description, eCode, raisedAt, clearedAt }));
    return {
      ...(networkErrors.length === 0 ? {} : { networkErrors }),
      ...(communicationFailures.length === 0 ? {} : { communicationFailures }),
    };
  }

  /** The platform has answered a poll that told these: what is over is forgotten. */
  acknowledge({ networkErrors = [], communicationFailures = [] }: ToldErrors): void {
    const sent = [...networkErrors, ...communicationFailures];
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
