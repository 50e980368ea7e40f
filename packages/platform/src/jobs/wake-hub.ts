import type { Clock } from '@picket/base/clock';
import type { Database } from '../storage/database.ts';
import { wakeChannel, type WakeTopic } from './channels.ts';

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
  /** One of the topics that it began with was named since. */
  readonly called: boolean;
  close(): void;
}

/** One database subscription a process, shared by all held polls. */
export async function openWakeHub(database: Database, clock: Clock): Promise<WakeHub> {
  const byTopic: ByTopic = new Map();
  const unlisten = await database.listen(wakeChannel, (payload) => {
    // Null: messages may have been lost, so everybody looks.
    if (payload === null) for (const wake of [...byTopic.values()].flatMap((each) => [...each])) wake(null);
    else for (const topic of payload.split(' ')) for (const wake of byTopic.get(topic) ?? []) wake(topic);
  });
  return {
    subscribe: (topics) => subscribe(byTopic, topics, clock),
    close: unlisten,
  };
}

/** Who is to be woken; with the topic, where it is known. */
type ByTopic = Map<string, Set<(topic: string | null) => void>>;

function subscribe(byTopic: ByTopic, topics: readonly WakeTopic[], clock: Clock): WakeSubscription {
  let pending = false;
  let called = false;
  let ring: (() => void) | null = null;
  const own = new Set<string>(topics);
  const wake = (topic: string | null) => {
    pending = true;
    if (topic !== null && own.has(topic)) called = true;
    ring?.();
  };
  const watched = new Set<string>();
  const watch = (more: readonly WakeTopic[]) => {
    for (const topic of more) {
      watched.add(topic);
      byTopic.set(topic, (byTopic.get(topic) ?? new Set()).add(wake));
    }
  };
  watch(topics);
  return {
    watch,
    get called() {
      return called;
    },
    async next(timeoutMs, signal) {
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
      for (const topic of watched) {
        const set = byTopic.get(topic);
        set?.delete(wake);
        if (set?.size === 0) byTopic.delete(topic);
      }
    },
  };
}
