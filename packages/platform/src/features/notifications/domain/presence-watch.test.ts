import { describe, expect, it } from 'vitest';
import { isSilent, nextWatch } from './presence-watch.ts';

const contact = { lastContact: 0, connection: 'polling', pollIntervalSeconds: 60, heartbeatSeconds: 14_400 } as const;

describe('the watch over appliances', () => {
  it('starts anew at the first look and after a gap, and else goes on', () => {
    expect(nextWatch(null, 5000)).toEqual({ lookedAt: 5000, presentSince: 5000 });
    expect(nextWatch({ lookedAt: 5000, presentSince: 0 }, 15_000)).toEqual({ lookedAt: 15_000, presentSince: 0 });
    expect(nextWatch({ lookedAt: 5000, presentSince: 0 }, 65_001)).toEqual({ lookedAt: 65_001, presentSince: 65_001 });
  });

  it('notices silence before three polls are missed', () => {
    for (const pollIntervalSeconds of [60, 180, 3600]) {
      const one = { ...contact, pollIntervalSeconds };
      expect(isSilent(one, 0, pollIntervalSeconds * 2000)).toBe(false);
      expect(isSilent(one, 0, pollIntervalSeconds * 3000)).toBe(true);
    }
  });

  it('counts silence from the return of the platform, and not for one that never called', () => {
    expect(isSilent(contact, 1_000_000, 1_100_000)).toBe(false);
    expect(isSilent(contact, 1_000_000, 1_200_000)).toBe(true);
    expect(isSilent({ ...contact, lastContact: null }, 0, 1_000_000)).toBe(false);
  });
});
