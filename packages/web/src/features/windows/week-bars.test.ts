import { expect, test } from 'vitest';
import { weekBars } from './week-bars.ts';

const on = (weekly: Parameters<typeof weekBars>[0], day: number) => weekBars(weekly)[day - 1]?.bars;

test('hours over midnight stand on both days, and those of Sunday go on on Monday', () => {
  const night = [{ days: [5, 7], from: '22:00', to: '06:00' }] as const;
  expect(on(night, 5)).toEqual([{ from: 1320, to: 1440 }]);
  expect(on(night, 6)).toEqual([{ from: 0, to: 360 }]);
  expect(on(night, 7)).toEqual([{ from: 1320, to: 1440 }]);
  expect(on(night, 1)).toEqual([{ from: 0, to: 360 }]);
  expect(on(night, 2)).toEqual([]);
});
test('a time that ends at midnight, by either name, stays on its day', () => {
  for (const to of ['24:00', '00:00']) {
    expect(on([{ days: [1], from: '20:00', to }], 1)).toEqual([{ from: 1200, to: 1440 }]);
    expect(on([{ days: [1], from: '20:00', to }], 2)).toEqual([]);
  }
});
test('times that touch or overlap are one', () => {
  const times = [
    { days: [3], from: '12:00', to: '14:00' },
    { days: [3], from: '08:00', to: '12:00' },
    { days: [3], from: '13:00', to: '13:30' },
  ] as const;
  expect(on(times, 3)).toEqual([{ from: 480, to: 840 }]);
});
test('a time that is being typed covers nothing', () => {
  expect(on([{ days: [1], from: '2', to: '04:00' }], 1)).toEqual([]);
});
