import type { Clock } from '@picket/base/clock';
import { linkedController } from '../gate/abort-hub.ts';

/** Outcome of work with a time limit. */
export type Budgeted<T> = { readonly state: 'done'; readonly value: T } | { readonly state: 'over' };

/**
 * Lets work run for so long and then goes on without it, even if it ignores its signal. Rejects as the work does, and
 * with the parent's reason when that aborts.
 */
export async function withinBudget<T>(
  budget: { readonly clock: Clock; readonly milliseconds: number; readonly signal: AbortSignal },
  work: () => Promise<T>,
): Promise<Budgeted<T>> {
  const { controller, unlink } = linkedController(budget.signal);
  const over = budget.clock.sleep(budget.milliseconds, controller.signal).then((): Budgeted<T> => ({ state: 'over' }));
  try {
    return await Promise.race([work().then((value): Budgeted<T> => ({ state: 'done', value })), over]);
  } finally {
    unlink();
    controller.abort(new Error('the work is done'));
    over.catch(() => {});
  }
}
