import type { KnownWays } from './known-ways.ts';
import { type Hop, guessDistance, mostHops, type Way } from './way.ts';

/** What came back for one packet of limited hops. */
export interface HopAnswer {
  /** `host`: the target answered. `router`: the hop limit ended there. `refusal`: a router says that it goes no further. */
  readonly kind: 'host' | 'router' | 'refusal';
  readonly from: string;
  readonly rttMs: number;
  /** Hop limit of the answer as it arrived. */
  readonly hopLimit: number;
}

/** Sends a packet to the target that ends after so many hops. Null: silence. */
export type AskHop = (hopLimit: number) => Promise<HopAnswer | null>;

/** So many silent hops in a row end the walk towards a host that does not answer. */
const patience = 3;
/** Hop limit that reaches any host. */
const farEnough = 64;

export interface WalkInit {
  readonly ask: AskHop;
  readonly known: KnownWays;
  /** Where to begin when the host itself stays silent: hops of a way to a neighbour of it. Default 1. */
  readonly startAt?: number;
}

/**
 * Walks the way to one host: asks the host for its distance, then back from it until the way is known. A host that stays silent is
 * walked towards from `startAt` until silence, then back.
 */
export async function walk(init: WalkInit): Promise<Way> {
  const host = await askTwice(init.ask, farEnough);
  const found = new Map<number, HopAnswer | null>();
  const end =
    host?.kind === 'host'
      ? await settleDistance(init.ask, guessDistance(host.hopLimit), found)
      : await walkOn(init.ask, Math.min(mostHops, Math.max(1, init.startAt ?? 1)), found);
  const before = await walkBack(init, Math.min(...found.keys()), found);
  const last = found.get(end);
  const hops = [...before];
  for (let distance = hops.length + 1; distance <= end; distance += 1) hops.push(hopOf(found.get(distance) ?? null));
  const reached = last?.kind === 'host';
  const shown = reached || hops.length === 0 ? hops : withoutTail(hops);
  init.known.learn(reached ? shown.slice(0, -1) : shown);
  return { hops: shown, reached };
}

/** The smallest hop limit at which the host answers, found from a guess; fills `found` on the way. */
async function settleDistance(ask: AskHop, guess: number, found: Map<number, HopAnswer | null>): Promise<number> {
  let distance = guess;
  const at = async (hopLimit: number) => {
    const answer = await askTwice(ask, hopLimit);
    found.set(hopLimit, answer);
    return answer?.kind === 'host';
  };
  if (await at(distance)) {
    while (distance > 1 && (await at(distance - 1))) distance -= 1;
    return distance;
  }
  while (distance < mostHops) {
    distance += 1;
    if (await at(distance)) return distance;
  }
  return distance;
}

/** Goes on from `start` until the host or a refusal answers, or nobody does. Gives the last distance that was asked. */
async function walkOn(ask: AskHop, start: number, found: Map<number, HopAnswer | null>): Promise<number> {
  let silent = 0;
  let distance = start;
  for (; distance <= mostHops; distance += 1) {
    const answer = await askTwice(ask, distance);
    found.set(distance, answer);
    if (answer && answer.kind !== 'router') return distance;
    silent = answer ? 0 : silent + 1;
    if (silent >= patience) return distance;
  }
  return mostHops;
}

/** Hops before `from`, asked one by one until one is known; those that are there already are taken. */
async function walkBack(
  { ask, known }: WalkInit,
  from: number,
  found: Map<number, HopAnswer | null>,
): Promise<readonly Hop[]> {
  for (let distance = from; distance >= 1; distance -= 1) {
    if (!found.has(distance)) found.set(distance, await askTwice(ask, distance));
    const answer = found.get(distance);
    const before = answer?.kind === 'router' ? known.before(answer.from, distance) : null;
    if (before) return before;
  }
  return [];
}

/** Routers limit how many answers they give: silence is asked again once. */
async function askTwice(ask: AskHop, hopLimit: number): Promise<HopAnswer | null> {
  return (await ask(hopLimit)) ?? (await ask(hopLimit));
}

function hopOf(answer: HopAnswer | null): Hop {
  return answer ? { address: answer.from, rttMs: answer.rttMs } : { address: null };
}

/** One silent hop at the end says that the way goes on; more say nothing. */
function withoutTail(hops: readonly Hop[]): readonly Hop[] {
  const last = hops.findLastIndex(({ address }) => address !== null);
  return hops.slice(0, last + 2);
}
