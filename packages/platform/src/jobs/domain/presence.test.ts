import { describe, expect, it } from 'vitest';
import { allowedSilence, isOnline } from './presence.ts';

describe('presence', () => {
  it.each([
    ['long-poll', 180, 14_400, 75],
    ['polling', 180, 14_400, 390],
    ['polling', 180, 300, 300],
    ['polling', 3600, 60, 3630],
    ['none', 60, 14_400, 150],
  ] as const)(
    'a %s appliance at %i s with heartbeat %i s may be silent for %i s',
    (connection, interval, heartbeat, silence) => {
      expect(allowedSilence({ connection, pollIntervalSeconds: interval, heartbeatSeconds: heartbeat })).toBe(silence);
    },
  );

  it('is offline when it was never heard of, and within 90 s of a long-poll that broke', () => {
    const contact = { connection: 'long-poll', pollIntervalSeconds: 180, heartbeatSeconds: 14_400 } as const;
    expect(isOnline({ ...contact, lastContact: null }, 0)).toBe(false);
    expect(isOnline({ ...contact, lastContact: 0 }, 75_000)).toBe(true);
    expect(isOnline({ ...contact, lastContact: 0 }, 76_000)).toBe(false);
  });
});
