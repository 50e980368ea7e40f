import type { KnownWays } from './known-ways.ts';
import type { NetworkWay } from './network-way.ts';
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
/** Packets for one hop before it counts as silent. */
const tries = 3;
/** Hop limit that reaches any host. */
const farEnough = 64;

export interface WalkInit {
  readonly ask: AskHop;
  readonly known: KnownWays;
  /** What other hosts of the same network showed. */
  readonly network: NetworkWay;
}

/**
 * Walks the way to one host: asks the host for its distance, then back from it until the way is known. A host that stays silent is
 * walked towards, from as far as a neighbour of it stands, until silence, then back.
 */
export async function walk(init: WalkInit): Promise<Way> {
  const host = await patiently(init.ask, farEnough);
  const shared = host?.kind === 'host' ? await sharedWay(init, host) : null;
  const way = shared ?? (await ownWay(init, host));
  init.network.learn(way);
  return way;
}

/**
 * The way of the host's neighbours, when the host is as far away as they are and nothing speaks against it: its last router answers the
 * same, or is left in peace. Null: the host has to be walked to.
 */
async function sharedWay({ ask, network }: WalkInit, host: HopAnswer): Promise<Way | null> {
  const distance = guessDistance(host.hopLimit);
  const before = network.before(distance);
  if (!before) return null;
  const last = network.settled || distance === 1 ? null : await ask(distance - 1);
  const known = before.at(-1)?.address ?? null;
  if (last && (last.kind !== 'router' || last.from !== known)) return null;
  return { hops: [...before, hopOf(host)], reached: true };
}

async function ownWay(init: WalkInit, host: HopAnswer | null): Promise<Way> {
  const found = new Map<number, HopAnswer | null>();
  const end =
    host?.kind === 'host'
      ? await settleDistance(init.ask, guessDistance(host.hopLimit), found)
      : await walkOn(init.ask, Math.max(1, init.network.length - 1), found);
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
    const answer = await patiently(ask, hopLimit);
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
    const answer = await patiently(ask, distance);
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
    if (!found.has(distance)) found.set(distance, await patiently(ask, distance));
    const answer = found.get(distance);
    const before = answer?.kind === 'router' ? known.before(answer.from, distance) : null;
    if (before) return before;
  }
  return [];
}

/** Routers limit how many answers they give a second: silence is asked again. */
async function patiently(ask: AskHop, hopLimit: number): Promise<HopAnswer | null> {
  for (let left = tries; left > 0; left -= 1) {
    const answer = await ask(hopLimit);
    if (answer) return answer;
  }
  return null;
}

function hopOf(answer: HopAnswer | null): Hop {
  return answer ? { address: answer.from, rttMs: answer.rttMs } : { address: null };
}

/** One silent hop at the end says that the way goes on; more say nothing. */
function withoutTail(hops: readonly Hop[]): readonly Hop[] {
  const last = hops.findLastIndex(({ address }) => address !== null);
  return hops.slice(0, last + 2);
}
