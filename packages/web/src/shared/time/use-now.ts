import { useSyncExternalStore } from 'react';

/** The one clock of the page: moves every 5 seconds while somebody looks at a time. */
let current = 0;
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

function tick(): void {
  current = Date.now();
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(tick, 5000);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

function read(): number {
  if (timer === undefined || current === 0) current = Math.floor(Date.now() / 1000) * 1000;
  return current;
}

/** Now, in milliseconds; every time on a page moves together. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, read);
}
