import { refuse } from './http-error.ts';

/** Runs at most `atOnce` of what it is given at a time, in the order given; beyond `waiting` in the queue it refuses. */
export function limited(atOnce: number, waiting: number): <T>(work: () => Promise<T>) => Promise<T> {
  const queue: (() => void)[] = [];
  let running = 0;
  const turn = (): Promise<void> | null => {
    if (running < atOnce) {
      running += 1;
      return null;
    }
    if (queue.length >= waiting) throw busy();
    return new Promise((resolve) => queue.push(resolve));
  };
  return async (work) => {
    await turn();
    try {
      return await work();
    } finally {
      // The turn is handed on, so that nobody slips in between.
      const next = queue.shift();
      if (next) next();
      else running -= 1;
    }
  };
}

function busy() {
  return refuse({
    status: 429,
    code: 'session.busy',
    message: 'Too many people sign in at this moment.',
    hint: 'Try again in a few seconds.',
    retryAfterSeconds: 5,
  });
}
