import { silentLog } from '@picket/base/log';
import type { DoctorReport } from '@picket/contracts/doctor';
import { expect, it } from 'vitest';
import { DoctorRequests } from './doctor-requests.ts';

const report: DoctorReport = { steps: [], error: null, endedAt: '2026-11-29T00:00:00.000Z' };
const [one, two] = ['00000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-000000000002'] as const;

function requests(examine: () => Promise<DoctorReport>) {
  let told = 0;
  let ran = 0;
  const made = new DoctorRequests({
    log: silentLog,
    examine: () => {
      ran += 1;
      return examine();
    },
    onDone: () => (told += 1),
  });
  return { made, told: () => told, ran: () => ran };
}

const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

it('looks once for each request, and reports until it is no longer asked', async () => {
  const { made, told, ran } = requests(async () => report);
  made.take(undefined);
  expect(ran()).toBe(0);
  made.take({ id: one });
  made.take({ id: one });
  expect(made.report).toBeUndefined();
  await settled();
  expect([told(), ran(), made.report]).toEqual([1, 1, { id: one, report }]);
  made.take({ id: one });
  expect(made.report).toEqual({ id: one, report });
  made.take({ id: two });
  expect(made.report).toBeUndefined();
  await settled();
  expect([told(), made.report?.id]).toEqual([2, two]);
  made.take(undefined);
  expect(made.report).toBeUndefined();
});

it('looks again when it could not', async () => {
  let broken = true;
  const { made, told, ran } = requests(async () => {
    if (broken) throw new Error('no');
    return report;
  });
  made.take({ id: one });
  await settled();
  expect([told(), made.report]).toEqual([0, undefined]);
  broken = false;
  made.take({ id: one });
  await settled();
  expect([told(), ran(), made.report?.id]).toEqual([1, 2, one]);
});
