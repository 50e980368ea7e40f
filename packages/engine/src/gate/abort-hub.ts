/**
 * One listener per signal for any number of waiters. A scan has thousands of sockets on the same signal; adding and
 * removing a listener for each costs time that grows with their number, a `Set` does not.
 */
const hubs = new WeakMap<AbortSignal, Set<() => void>>();

/** Calls `callback` once when `signal` aborts (soon, never before this returns, if it has). The answer ends that. */
export function onAbort(signal: AbortSignal | undefined, callback: () => void): () => void {
  if (!signal) return () => {};
  if (signal.aborted) {
    queueMicrotask(callback);
    return () => {};
  }
  const waiting = hubs.get(signal) ?? openHub(signal);
  waiting.add(callback);
  return () => waiting.delete(callback);
}

function openHub(signal: AbortSignal): Set<() => void> {
  const waiting = new Set<() => void>();
  hubs.set(signal, waiting);
  signal.addEventListener(
    'abort',
    () => {
      for (const callback of waiting) callback();
      waiting.clear();
    },
    { once: true },
  );
  return waiting;
}

/** A controller that also aborts with its parent. Call `unlink` when it is no longer needed. */
export function linkedController(parent: AbortSignal): {
  readonly controller: AbortController;
  readonly unlink: () => void;
} {
  const controller = new AbortController();
  const unlink = onAbort(parent, () => controller.abort(parent.reason));
  return { controller, unlink };
}
