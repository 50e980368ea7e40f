import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { faultManual } from './harness/fault-manual.ts';
import { faultRows } from './harness/fault-rows.ts';
import { readTimes } from './harness/fault-times.ts';

describe('the table of faults during a scan', () => {
  it('is the one of docs/faults.md', async () => {
    const manual = await readFile(new URL('../docs/faults.md', import.meta.url), 'utf8');
    expect(manual.slice(manual.indexOf('| fault')).trimEnd()).toBe(faultManual(await readTimes()));
  });

  it('has measured no other faults than those, and what the measurements say fits the screens', async () => {
    const times = await readTimes();
    expect(Object.keys(times).toSorted()).toEqual(faultRows.map(({ id }) => id).toSorted());
    for (const { id, screens } of faultRows) {
      const isShown = screens.includes('COMMUNICATION FAILURE');
      expect({ id, shown: times[id]?.untilShown !== null, back: times[id]?.untilBack !== null }).toEqual({
        id,
        shown: isShown,
        back: isShown,
      });
    }
  });
});
