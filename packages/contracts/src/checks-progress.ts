import { z } from 'zod';
import type { EngineEventOf } from './event.ts';
import { formatIndexes, parseIndexes } from './index-ranges.ts';
import { ipLiteral, portNumber, transport } from './primitive.ts';

/** Which checks of a place (a port, or the host itself) an interrupted run ended, of its plan there. */
export const checksProgress = z.object({
  address: ipLiteral,
  protocol: transport.optional(),
  port: portNumber.optional(),
  /** Digest of the plan that `done` counts in: checks in their order, the content's version, the place. Under another plan nothing is done. */
  plan: z.string().max(64),
  /** Indexes of the plan: `0-41,77`. */
  done: z.string().max(524_288),
  /** How many `checked` events of the place were told; the next one has this part. */
  parts: z.number().int().nonnegative().max(10_000),
});
export type ChecksProgress = z.infer<typeof checksProgress>;

/** The place that progress is of; one text for each. */
export function progressKey(progress: Pick<ChecksProgress, 'address' | 'protocol' | 'port'>): string {
  return `${progress.address}|${progress.protocol ?? ''}|${progress.port ?? ''}`;
}

/** What is done after both: the sum under one plan, else what the later one says. */
export function mergeProgress(earlier: ChecksProgress, later: ChecksProgress): ChecksProgress {
  const parts = Math.max(earlier.parts, later.parts);
  if (earlier.plan !== later.plan) return { ...later, parts };
  const done = formatIndexes([...parseIndexes(earlier.done), ...parseIndexes(later.done)]);
  return { ...later, done, parts };
}

/** Adds up what `checked` events say of progress, in any order. */
export class ProgressFold {
  readonly #places = new Map<string, { progress: Omit<ChecksProgress, 'done'>; done: Set<number>; time: string }>();

  add(event: EngineEventOf<'checked'>): void {
    const { address, protocol, port, plan, done, time } = event;
    const key = progressKey(event);
    const known = this.#places.get(key);
    const parts = Math.min(10_000, Math.max(known?.progress.parts ?? 0, (event.part ?? 0) + 1));
    if (known !== undefined) known.progress = { ...known.progress, parts };
    if (plan === undefined || done === undefined) return;
    if (known?.progress.plan === plan) {
      for (const index of parseIndexes(done)) known.done.add(index);
      if (time > known.time) known.time = time;
      return;
    }
    if (known !== undefined && known.time > time) return;
    const place = { address, ...(protocol === undefined ? {} : { protocol }), ...(port === undefined ? {} : { port }) };
    this.#places.set(key, { progress: { ...place, plan, parts }, done: parseIndexes(done), time });
  }

  /** The progress of all hosts for which `wanted` holds. */
  of(wanted: (address: string) => boolean): ChecksProgress[] {
    return [...this.#places.values()].flatMap(({ progress, done }) =>
      wanted(progress.address) ? [{ ...progress, done: formatIndexes(done) }] : [],
    );
  }
}
