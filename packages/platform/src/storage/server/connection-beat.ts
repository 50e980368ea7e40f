import { systemClock } from '@picket/base/adapters/system';

/** Between an answer and the next question, and how long half of the patience with an answer is, milliseconds. */
const beatMs = 1000;

/**
 * Asks an idle connection for a sign of life until `signal` aborts, and calls `silent` once none came within two seconds: where packets are
 * dropped and nobody says so, a connection that only listens would look well for as long as TCP waits. What fails by itself is not told here.
 */
export async function watchConnection(ask: () => Promise<unknown>, silent: () => void, signal: AbortSignal) {
  try {
    for (;;) {
      await systemClock.sleep(beatMs, signal);
      const answered = ask().then(
        () => true,
        () => true,
      );
      // In two halves: an answer that came while this process was busy is read before the second one is over.
      const heard = (await within(answered, signal)) || (await within(answered, signal));
      if (!heard) return silent();
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

async function within(answered: Promise<boolean>, signal: AbortSignal): Promise<boolean> {
  const stop = new AbortController();
  const over = systemClock.sleep(beatMs, AbortSignal.any([signal, stop.signal])).then(
    () => false,
    () => signal.throwIfAborted() ?? true,
  );
  try {
    return await Promise.race([answered, over]);
  } finally {
    stop.abort();
  }
}
