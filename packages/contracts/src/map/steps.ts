/** Work that can be laid aside: it stops every few thousand records, so that a server can answer others meanwhile. */
export type Steps<T> = Generator<void, T, void>;

/** Does all of it at once. */
export function runSteps<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** Records between two stops: a few milliseconds of work. */
export const stepRecords = 1000;
