import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Steps } from '@picket/contracts/map/steps';

/** Does long work step by step; between two steps everybody else who waits for this process has their turn. */
export async function inTurns<T>(steps: Steps<T>): Promise<T> {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    await nextTurn();
  }
}
