import { FakeClock } from '@picket/testkit/fake-clock';
import { describe, expect, it } from 'vitest';
import { NetworkErrorHistory, type StoredNetworkErrors } from './network-error-history.ts';

const cable = { code: '06', description: 'LAN no CARRIER', eCode: 'E10' };
const names = { code: '06', description: 'LAN DNS failed', eCode: 'E13' };

function history(stored: StoredNetworkErrors = []) {
  const clock = new FakeClock(Date.UTC(2026, 10, 29));
  const saved: StoredNetworkErrors[] = [];
  let made = 0;
  const random = {
    uuid: () => `00000000-0000-4000-8000-${String((made += 1)).padStart(12, '0')}`,
    bytes: (length: number) => new Uint8Array(length),
    integer: () => 0,
    fraction: () => 0,
  };
  const errors = new NetworkErrorHistory({ clock, random, save: (all) => saved.push(all) }, stored);
  return { clock, saved, errors };
}

describe('the network errors that the platform has not heard of', () => {
  it('are told with their beginning and end in platform time, and again until their end is told', async () => {
    const { clock, errors, saved } = history();
    errors.note(cable);
    errors.note(cable);
    expect(saved).toHaveLength(1);
    const first = errors.report(0);
    expect(first.networkErrors).toMatchObject([{ ...cable, raisedAt: '2026-11-29T00:00:00.000Z', clearedAt: null }]);
    errors.acknowledge(first);
    await clock.advance(60_000);
    errors.note(null);
    const second = errors.report(3_600_000);
    const times = { raisedAt: '2026-11-29T01:00:00.000Z', clearedAt: '2026-11-29T01:01:00.000Z' };
    expect(second.networkErrors).toMatchObject([{ ...times, id: first.networkErrors?.[0]?.id }]);
    errors.acknowledge(second);
    expect([errors.report(0), saved.at(-1)]).toEqual([{}, []]);
    errors.note(null);
    expect(saved).toHaveLength(3);
  });

  it('follow each other: the more specific one ends the general one', async () => {
    const { clock, errors } = history();
    errors.note(cable);
    await clock.advance(1000);
    errors.note(names);
    expect(errors.report(0).networkErrors).toMatchObject([
      { ...cable, clearedAt: '2026-11-29T00:00:01.000Z' },
      { ...names, raisedAt: '2026-11-29T00:00:01.000Z', clearedAt: null },
    ]);
  });

  it('a failure of communication is one, whatever is found out about it, and is told apart', async () => {
    const { clock, errors, saved } = history();
    errors.note({ ...names, code: '' });
    await clock.advance(1000);
    errors.note({ ...cable, code: '' });
    await clock.advance(1000);
    errors.note(null);
    const report = errors.report(0);
    const { code: _, ...cause } = cable;
    const times = { raisedAt: '2026-11-29T00:00:00.000Z', clearedAt: '2026-11-29T00:00:02.000Z' };
    expect(report).toEqual({ communicationFailures: [{ ...cause, ...times, id: expect.any(String) }] });
    errors.acknowledge(report);
    expect(saved.at(-1)).toEqual([]);
  });

  it('outlast a restart, and are the newest 16 of a line that comes and goes', () => {
    const before = history();
    for (let at = 0; at < 20; at += 1) before.errors.note(at % 2 === 0 ? cable : names);
    const stored = before.saved.at(-1) ?? [];
    expect(stored).toHaveLength(16);
    const after = history(stored);
    expect(after.errors.report(0)).toEqual(before.errors.report(0));
    after.errors.note(names);
    expect(after.saved).toEqual([]);
    after.errors.note(null);
    expect(after.errors.report(0).networkErrors?.every(({ clearedAt }) => clearedAt !== null)).toBe(true);
  });
});
