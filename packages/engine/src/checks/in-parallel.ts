/** Runs jobs, at most `limit` at once, and yields their results as they come. */
export async function* inParallel<T>(jobs: readonly (() => Promise<T>)[], limit: number): AsyncGenerator<T> {
  const running = new Set<Promise<T>>();
  const done: T[] = [];
  let next = 0;
  while (next < jobs.length || running.size > 0) {
    while (next < jobs.length && running.size < Math.max(1, limit)) {
      const job = jobs[next];
      next += 1;
      if (!job) break;
      const started: Promise<T> = job().then((value) => {
        running.delete(started);
        done.push(value);
        return value;
      });
      running.add(started);
    }
    if (running.size > 0) await Promise.race(running);
    yield* done.splice(0);
  }
}
