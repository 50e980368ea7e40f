/** Does work on all items, `width` at a time; fails with the first failure once nothing is running any more. */
export async function inParallel<T>(
  items: Iterable<T>,
  width: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const queue = Iterator.from(items);
  const worker = async () => {
    for (const item of queue) await work(item);
  };
  await allOrNothing(Array.from({ length: width }, worker));
}

/** Waits for all, and only then fails with the first failure: nothing is still being made while the caller cleans up. */
export async function allOrNothing(works: readonly Promise<void>[]): Promise<void> {
  for (const result of await Promise.allSettled(works)) if (result.status === 'rejected') throw result.reason;
}
