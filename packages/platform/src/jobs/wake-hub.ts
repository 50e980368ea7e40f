import type { Clock } from '@picket/base/clock';
import type { Database } from '../storage/database.ts';
import { wakeChannel, type WakeTopic } from './channels.ts';
import { leaseHolders } from './lease-holders.ts';
import { type Taker, Turns } from './turns.ts';

/** Lets requests wait for news without holding a database connection. */
export interface WakeHub {
  /** Begins to listen at once: subscribe before looking, so that nothing is missed in between. */
  subscribe(topics: readonly WakeTopic[]): WakeSubscription;
  close(): Promise<void>;
}

export interface WakeSubscription {
  /** True as soon as something happened since the last call; false when the time is over or the signal aborted. */
  next(timeoutMs: number, signal: AbortSignal): Promise<boolean>;
  /** Listens to these as well. */
  watch(topics: readonly WakeTopic[]): void;
  /** One of the topics that it began with was named since, or may have been. */
  readonly called: boolean;
  close(): void;
}

/** Who looks at once after notifications were lost: well below the connections that a replica has. */
const looksAtOnce = 4;

/** A job that ended in this time may have been taken from an appliance whose held poll is older, milliseconds. */
const endedWithinMs = 60_000;

/**
 * One database subscription a process, shared by all held polls. When notifications were lost everybody looks, in turns: first, and as if
 * called by name, the appliances that may be scanning; a stop that was lost is theirs, and one query tells who they are.
 */
export async function openWakeHub(database: Database, clock: Clock): Promise<WakeHub> {
  const byTopic: ByTopic = new Map();
  const turns = new Turns(looksAtOnce);
  const lookAgain = async () => {
    const busy = await leaseHolders(database.db, new Date(clock.now() - endedWithinMs)).catch(() => null);
    // Not to be told apart: everybody may be.
    const names = busy?.map((id): WakeTopic => `appliance:${id}`) ?? [...byTopic.keys()];
    const first = names.flatMap((topic) => [...(byTopic.get(topic) ?? [])].map((waiter) => ({ waiter, topic })));
    for (const { waiter, topic } of first) waiter.name(topic);
    const all = [...byTopic.values()].flatMap((waiters) => [...waiters]);
    turns.add([...first.map(({ waiter }) => waiter), ...all].map((waiter) => waiter.take));
  };
  const unlisten = await database.listen(wakeChannel, (payload) => {
    if (payload === null) void lookAgain();
    else for (const topic of payload.split(' ')) for (const waiter of byTopic.get(topic) ?? []) waiter.wake(topic);
  });
  return {
    subscribe: (topics) => subscribe(byTopic, turns, topics, clock),
    close: unlisten,
  };
}

interface Waiter {
  /** Notes a call by name; wakes nobody. */
  name(topic: string): void;
  wake(topic: string): void;
  readonly take: Taker;
}

type ByTopic = Map<string, Set<Waiter>>;

function subscribe(byTopic: ByTopic, turns: Turns, topics: readonly WakeTopic[], clock: Clock): WakeSubscription {
  let pending = false;
  let called = false;
  let ring: (() => void) | null = null;
  let endTurn = () => {};
  const own = new Set<string>(topics);
  const wake = () => {
    pending = true;
    ring?.();
  };
  const waiter: Waiter = {
    name: (topic) => {
      if (own.has(topic)) called = true;
    },
    wake: (topic) => {
      waiter.name(topic);
      wake();
    },
    take: (done) => {
      // Who does not wait looks already, or is about to.
      const waits = ring !== null && !pending;
      if (waits) endTurn = done;
      wake();
      return waits;
    },
  };
  const watched = new Set<string>();
  const watch = (more: readonly WakeTopic[]) => {
    for (const topic of more) {
      watched.add(topic);
      byTopic.set(topic, (byTopic.get(topic) ?? new Set()).add(waiter));
    }
  };
  watch(topics);
  return {
    watch,
    get called() {
      return called;
    },
    async next(timeoutMs, signal) {
      endTurn();
      if (!pending && timeoutMs > 0 && !signal.aborted) {
        const stop = new AbortController();
        const rung = new Promise<void>((resolve) => (ring = resolve));
        const over = clock.sleep(timeoutMs, AbortSignal.any([signal, stop.signal])).catch(() => {});
        await Promise.race([rung, over]);
        stop.abort();
        ring = null;
      }
      const happened = pending;
      pending = false;
      return happened;
    },
    close() {
      endTurn();
      turns.remove(waiter.take);
      for (const topic of watched) {
        const set = byTopic.get(topic);
        set?.delete(waiter);
        if (set?.size === 0) byTopic.delete(topic);
      }
    },
  };
}
