import type { Clock } from '@picket/base/clock';
import type { Log } from '@picket/base/log';
import type { Attempt } from '../console/errors/attempt.ts';
import type { OwnPlace } from './adapters/own-place.ts';

export interface PlaceKeeperDeps {
  readonly place: OwnPlace;
  readonly clock: Clock;
  readonly log: Log;
  /** Ends the daemon in order; what `next` says follows. */
  readonly stop: () => void;
  readonly signal: AbortSignal;
}

/** How often it is looked whether the layout of the network has changed, milliseconds. */
const lookMs = 2000;

/**
 * Keeps the daemon in the part of the network that management has. A process can't change its network namespace under open connections and
 * threads, so the daemon ends in order and the same process begins anew there: by itself as root, else by whoever started it.
 */
export class PlaceKeeper {
  readonly #deps: PlaceKeeperDeps;
  #leavingFor: Attempt | null = null;
  /** A daemon that was started elsewhere stays there; it goes when what it was in is left. */
  #wasThere: boolean;

  constructor(deps: PlaceKeeperDeps) {
    this.#deps = deps;
    this.#wasThere = !deps.place.isLeft();
    if (!this.#wasThere) deps.log.write('warning', 'network.misplaced');
  }

  /** What comes after the daemon has ended; null: it ended for another reason. */
  get next(): { readonly attempt: Attempt; readonly by: 'itself' | 'starter' } | null {
    if (this.#leavingFor === null) return null;
    return { attempt: this.#leavingFor, by: this.#deps.place.mayMove() ? 'itself' : 'starter' };
  }

  /** Whether this process has to leave; a failed connection is then one of the process that comes after. */
  get isLeft(): boolean {
    const isLeft = this.#deps.place.isLeft();
    this.#wasThere ||= !isLeft;
    return isLeft && this.#wasThere;
  }

  leave(attempt: Attempt): void {
    if (this.#leavingFor !== null) return;
    this.#leavingFor = attempt;
    this.#deps.log.write('info', 'network.moved', { attempt });
    this.#deps.stop();
  }

  /** Looks again and again, for changes that were not made at a console of this daemon. Ends with the signal. */
  async watch(): Promise<void> {
    const { clock, signal } = this.#deps;
    while (!signal.aborted) {
      await clock.sleep(lookMs, signal).catch(() => {});
      if (!signal.aborted && this.isLeft) return this.leave('in-force');
    }
  }
}
