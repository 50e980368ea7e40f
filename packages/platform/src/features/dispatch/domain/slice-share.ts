/** What is left of a job and who shares it. Addresses stand for work. */
export interface RemainingWork {
  /** Addresses of the slices that nobody holds; a lower bound will do where it is far more than anybody is given. */
  readonly waiting: number;
  /** Speed of the appliance that asks, in this job, addresses a second; null before its first slice ended. */
  readonly mine: number | null;
  /** The others that are online and may run the job. */
  readonly others: readonly Sharer[];
  /** Fewer addresses than this are not worth a lease. */
  readonly least: number;
}

/** Another appliance of the job. */
export interface Sharer {
  /** As `mine`. */
  readonly speed: number | null;
  /** It holds a slice of the job and will come back for more. */
  readonly working: boolean;
}

/** What one appliance did of a job until now. Times are milliseconds of one clock. */
export interface WorkRecord {
  /** Addresses of the slices that it ended, and of those that it holds. */
  readonly done: number;
  readonly held: number;
  /** Since its first lease of the job. */
  readonly since: number;
  /** Since its oldest lease that it still holds; null: it holds none. */
  readonly heldSince: number | null;
}

/**
 * Addresses a second: of what it ended, and not more than if it ended what it holds right now, so that one that got stuck counts as
 * slower by and by. Null before its first slice ended.
 */
export function measuredSpeed({ done, held, since, heldSince }: WorkRecord, now: number): number | null {
  const worked = (heldSince ?? now) - since;
  if (done === 0 || worked <= 0 || now <= since) return null;
  return 1000 * Math.min(done / worked, (done + held) / (now - since));
}

/** Parts of its fair share that an appliance gets at once: few enough leases, and the last ones end near each other. */
const partsKnown = 2;
/** Before its speed is known: a slow one must not hold much. */
const partsUnknown = 4;
/** An appliance that needs so many times longer than the others would for all of the rest leaves it to them. */
const tooSlow = 2;

/**
 * How many addresses the appliance is given at once: a part of its fair share by speed, so that slices get smaller towards the end.
 * Null: it is so slow that the others, who are at work, end sooner without it. Alone, it gets all that waits.
 */
export function sliceShare(work: RemainingWork): number | null {
  const { waiting, others, least } = work;
  if (others.length === 0) return waiting;
  const speeds = [work.mine, ...others.map((one) => one.speed)];
  const known = speeds.flatMap((speed) => (speed !== null && speed > 0 ? [speed] : []));
  const typical = known.length === 0 ? 1 : sum(known) / known.length;
  const mine = work.mine ?? typical;
  if (work.mine !== null && !isWorthwhile({ ...work, mine: work.mine })) return null;
  const all = mine + sum(others.map((one) => one.speed ?? typical));
  const parts = work.mine === null ? partsUnknown : partsKnown;
  return Math.min(waiting, Math.max(least, Math.ceil((waiting * mine) / all / parts)));
}

/** Whether the smallest slice ends, at this speed, before the rest would be long done without it. */
function isWorthwhile({ waiting, mine, others, least }: RemainingWork & { readonly mine: number }): boolean {
  const speeds = others.flatMap((one) => (one.working && one.speed !== null && one.speed > 0 ? [one.speed] : []));
  if (speeds.length === 0) return true;
  const portion = Math.min(least, waiting);
  const without = Math.max(waiting / sum(speeds), portion / Math.max(...speeds));
  return portion <= mine * without * tooSlow;
}

/** The smallest slice for a profile: a quarter of the hosts it takes at once, at least 8 addresses. */
export function leastShare(hostsAtOnce: number): number {
  return Math.max(8, Math.floor(hostsAtOnce / 4));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
