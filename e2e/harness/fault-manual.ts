import { faultRows } from './fault-rows.ts';
import type { MeasuredFault } from './fault-times.ts';

const inWords = (seconds: number | null) => (seconds === null ? 'never' : `${seconds.toFixed(1)} s`);

/** The table of `docs/faults.md`: what the test makes and asserts, and what was measured when it ran last for the documentation. */
export function faultManual(times: Readonly<Record<string, MeasuredFault>>): string {
  const head = ['fault', 'during', 'screens', 'shown after', 'fault lasted', 'NAME–IP back after', 'the terminal said'];
  const rows = faultRows.map(({ id, fault, during, screens }) => {
    const measured = times[id];
    if (measured === undefined) throw new Error(`${id} was never measured: run its large test with RECORD_FAULTS=1`);
    const { untilShown, lasted, untilBack, said } = measured;
    const text = `${fault[0]?.toUpperCase()}${fault.slice(1)}.`;
    const back = untilBack === null ? 'never gone' : inWords(untilBack);
    return [text, during, screens.join(' → '), inWords(untilShown), inWords(lasted), back, said === '' ? '–' : said];
  });
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
