/** How long and how often a task asks. */
export interface Patience {
  /** Packets to a silent cell when nothing is lost. */
  readonly passes: number;
  /** Longest wait for an answer, milliseconds. */
  readonly timeoutMs: number;
}

/** A busy machine must not turn answers into silence. Milliseconds. */
const floorMs = { between: 100, last: 250 };
/** Neighbours on a link answer in a few milliseconds, or after they woke up. */
const neighbourMs = { between: 250, last: 500 };
/** Without any answer to go by, a first pass need not wait as long as the last. */
const blindMs = 600;
/** Share of late answers from which the way is too fast or too bad for what we send. */
const heavyLoss = 0.1;
const passesMoreOnLoss = 1;
const passesMoreOnHeavyLoss = 2;
/** Fewer answers prove nothing. */
const answersWanted = 8;

/** Milliseconds of quiet after which a pass is over. */
export function patienceMs(
  { timeoutMs }: Patience,
  seen: { readonly own: number; readonly scan: number; readonly last: boolean; readonly macs: boolean },
): number {
  const kind = seen.last ? 'last' : 'between';
  if (seen.macs) return Math.min(timeoutMs, Math.max(neighbourMs[kind], seen.own));
  if (seen.own >= 0) return Math.min(timeoutMs, Math.max(floorMs[kind], seen.own));
  // Nothing of this host yet; others tell what is usual here, and it may be farther away.
  if (seen.scan >= 0) return Math.min(timeoutMs, Math.max(2 * floorMs[kind], 3 * seen.scan));
  return seen.last ? timeoutMs : Math.min(timeoutMs, blindMs);
}

/** How many passes it takes: more when answers that came only on later passes show that packets get lost. */
export function passesFor(
  { passes }: Patience,
  seen: { readonly prompt: number; readonly late: number; readonly losing: boolean },
): number {
  if (isLosing(seen.prompt, seen.late)) return passes + passesMoreOnHeavyLoss;
  return seen.late > 0 || seen.losing ? passes + passesMoreOnLoss : passes;
}

/** True when so many answers came late that slower is better. */
export function isLosing(prompt: number, late: number): boolean {
  return prompt + late >= answersWanted && late / (prompt + late) > heavyLoss;
}
