import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { SeenScreen } from './screen-record.ts';

/** One fault from its beginning to its end, milliseconds of `performance.now()`. */
export interface FaultTimes {
  readonly at: { readonly made: number; readonly mending: number; readonly mended: number; readonly back: number };
  /** What the console showed since it was made. */
  readonly screens: readonly SeenScreen[];
}

const seconds = z.number().nonnegative().nullable();
/** What was measured of a fault, seconds. */
const measuredFault = z.strictObject({
  /** From the fault until COMMUNICATION FAILURE; null: it never showed. */
  untilShown: seconds,
  /** How long the fault was there. */
  lasted: z.number().nonnegative(),
  /** From its end until NAME–IP; null: that never went away. */
  untilBack: seconds,
  /** What the terminal said in words while it was there; empty: nothing. */
  said: z.string(),
});
export type MeasuredFault = z.infer<typeof measuredFault>;

const file = fileURLToPath(new URL('fault-times.json', import.meta.url));
const inSeconds = (milliseconds: number) => Math.round(milliseconds / 100) / 10;

export function timesOf({ at, screens }: FaultTimes): MeasuredFault {
  const failures = screens.filter(({ lines }) => lines === 'COMMUNICATION FAILURE');
  const shown = failures[0]?.at ?? null;
  return {
    untilShown: shown === null ? null : inSeconds(shown - at.made),
    lasted: inSeconds(at.mending - at.made),
    untilBack: shown === null ? null : Math.max(0, inSeconds(at.back - at.mended)),
    said: (failures.length > 0 ? failures : screens).map(({ alarm }) => alarm).findLast((alarm) => alarm !== '') ?? '',
  };
}

/** The measurements that `docs/faults.md` shows, by the fault's name. */
export async function readTimes(): Promise<Readonly<Record<string, MeasuredFault>>> {
  return z.record(z.string(), measuredFault).parse(JSON.parse(await readFile(file, 'utf8')));
}

/** Tells a measurement, and with RECORD_FAULTS=1 keeps it for the documentation. */
export async function keepTimes(id: string, measured: MeasuredFault): Promise<void> {
  process.stdout.write(`${id}: ${JSON.stringify(measured)}\n`);
  if (process.env.RECORD_FAULTS !== '1') return;
  const all = { ...(await readTimes()), [id]: measured };
  await writeFile(file, `${JSON.stringify(all, null, 2)}\n`);
}
