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
  close(): void;
}

/** One database subscription a process, shared by all held polls. */
export async function openWakeHub(database: Database, clock: Clock): Promise<WakeHub> {
  const byTopic = new Map<string, Set<() => void>>();
  const unlisten = await database.listen(wakeChannel, (payload) => {
    // Null: messages may have been lost, so everybody looks.
    const topics = payload === null ? [...byTopic.keys()] : payload.split(' ');
    const woken = new Set(topics.flatMap((topic) => [...(byTopic.get(topic) ?? [])]));
    for (const wake of woken) wake();
  });
  return {
    subscribe: (topics) => subscribe(byTopic, topics, clock),
    close: unlisten,
  };
}

function subscribe(
  byTopic: Map<string, Set<() => void>>,
  topics: readonly WakeTopic[],
  clock: Clock,
): WakeSubscription {
  let pending = false;
  let ring: (() => void) | null = null;
  const wake = () => {
    pending = true;
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
