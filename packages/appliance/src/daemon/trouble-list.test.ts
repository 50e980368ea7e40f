import { expect, it } from 'vitest';
import { spoolTrouble, TroubleList } from './trouble-list.ts';

it('holds one trouble of each source, and says what is new', () => {
  const list = new TroubleList();
  expect(list.set('lease', null)).toBe(false);
  expect(list.set('lease', { code: 'a', message: 'm' })).toBe(true);
  expect(list.set('lease', { code: 'a', message: 'm' })).toBe(false);
  expect(list.set('spool', { code: 'b'.repeat(99), message: 'm'.repeat(999) })).toBe(true);
  expect(list.set('spool', { code: 'b'.repeat(99), message: 'm'.repeat(999) })).toBe(false);
  expect(list.all.map(({ code, message }) => [code.length, message.length])).toEqual([
    [1, 1],
    [64, 512],
  ]);
  expect(list.set('lease', null)).toBe(true);
  expect(list.all).toHaveLength(1);
});

it('tells a spool that is full from one that can not be written', () => {
  const state = { events: 0, bytes: 0, trimmed: 0 };
  expect(spoolTrouble({ ...state, fault: null, full: false })).toBeNull();
  expect(spoolTrouble({ ...state, fault: 'limit', full: true })).toMatchObject({ code: 'spool.full' });
  expect(spoolTrouble({ ...state, fault: 'EIO', full: false })).toEqual({
    code: 'spool.failed',
    message: "The spool can't be written (EIO); scanning waits until there is space.",
  });
  expect(spoolTrouble({ ...state, fault: null, full: false, trimmed: 7 })).toEqual({
    code: 'spool.trimmed',
    message:
      'The spool was full while the platform was out of reach: the raw evidence of 7 events was trimmed. Their findings are kept and will be uploaded.',
  });
});
