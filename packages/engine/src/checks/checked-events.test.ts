import { engineEvent, eventKey } from '@picket/contracts/event';
import { formatIndexes, parseIndexes } from '@picket/contracts/index-ranges';
import { applianceLimits } from '@picket/contracts/protocol';
import { expect, it } from 'vitest';
import type { CheckResult } from './check-run.ts';
import { checkedEvents } from './checked-events.ts';

const place = { type: 'checked', address: '10.0.0.1', protocol: 'tcp', port: 80, contentVersion: '1' } as const;
const unit = { unit: { phase: 'checks', subject: '10.0.0.1' }, time: new Date(0).toISOString() } as const;

function eventsOf(results: readonly (readonly [string, CheckResult])[]) {
  const ended = results.map(([id, result], index) => ({ id, index, result }));
  return [...checkedEvents({ ...place, plan: 'p' }, ended)].map((event) => ({ ...event, ...unit }));
}

it('splits what is too large for the wire, and loses nothing', () => {
  const id = (index: number) => `check-${'x'.repeat(110)}-${index}`;
  // Three bytes in UTF-8 each, and two in JSON for each quote.
  const failure = { reason: 'connection-failed', detail: '\u20ac"'.repeat(200) } as const;
  const results = Array.from({ length: 3000 }, (_, index): [string, CheckResult] => [
    id(index),
    index % 2 === 0 ? { kind: 'passed' } : { kind: 'not-evaluable', failure },
  ]);
  const events = eventsOf(results);
  for (const event of events) {
    expect(engineEvent.safeParse(event).success).toBe(true);
    expect(Buffer.byteLength(JSON.stringify(event))).toBeLessThan(applianceLimits.eventBytes - 4096);
  }
  expect(new Set(events.map((event) => eventKey(event))).size).toBe(events.length);
  expect(formatIndexes(events.flatMap(({ done }) => [...parseIndexes(done ?? '')]))).toBe('0-2999');
  const told = events.flatMap((event) => [...event.passed, ...event.notEvaluable.map(({ check }) => check)]);
  expect(told.length).toBe(3000);
  expect(new Set(told)).toEqual(new Set(results.map(([check]) => check)));
});

it('says of a port without passed checks that it was checked', () => {
  expect(eventsOf([['a', { kind: 'found', findings: [] }]])).toMatchObject([
    { passed: [], notEvaluable: [], done: '0' },
  ]);
});

it('never cuts a character in two', () => {
  const detail = `${'x'.repeat(255)}\u{1f600}`;
  const [event] = eventsOf([['a', { kind: 'not-evaluable', failure: { reason: 'timeout', detail } }]]);
  expect(event?.notEvaluable[0]?.detail?.isWellFormed()).toBe(true);
});
