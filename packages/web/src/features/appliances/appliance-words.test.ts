import { expect, test } from 'vitest';
import { connectivityWords, workWord } from './appliance-words.ts';

test('work is told as running maps and scans, and an appliance without its code says that it cannot scan yet', () => {
  expect(workWord({ state: 'active', busy: true, runningScans: [1, 2, 3], runningMaps: [3] })).toBe('1 map, 2 scans');
  expect(workWord({ state: 'active', busy: false, runningScans: [], runningMaps: [] })).toBe('Idle');
  expect(workWord({ state: 'active', busy: true, runningScans: [], runningMaps: [] })).toBe('Busy');
  expect(workWord({ state: 'provisioned', busy: false, runningScans: [], runningMaps: [] })).toBe('Cannot scan yet');
});

test('connectivity is connected, not connected or not used, and no offline appliance is called ready', () => {
  const on = { state: 'active', online: true, connection: 'long-poll', scanServices: 'connected' } as const;
  expect(connectivityWords(on)).toMatch(/^Connected: ready.*at once$/);
  expect(connectivityWords({ ...on, connection: 'polling' })).toMatch(/^Connected: ready.*next poll$/);
  expect(connectivityWords({ ...on, online: false, scanServices: 'not-connected' })).toMatch(/^Not connected/);
  expect(connectivityWords({ ...on, scanServices: 'not-used' })).toMatch(/^Not used.*ready/);
  expect(connectivityWords({ ...on, online: false, scanServices: 'not-used' })).not.toMatch(/ready/);
});
