import { expect, it } from 'vitest';
import { doctorText } from './doctor-text.ts';

it('says what failed, what was not tested, and what helps', () => {
  const text = doctorText({
    steps: [
      { part: 'link', outcome: 'ok', detail: 'eth0 is up' },
      { part: 'dns', outcome: 'failed', detail: 'no \u001b[31manswer' },
      { part: 'platform', outcome: 'not-tested', detail: '' },
      { part: 'clock', outcome: 'warning', detail: '90 s behind' },
    ],
    error: { code: '01', description: 'LAN DNS failed', eCode: 'E13', remedy: 'Check the servers.' },
    endedAt: '2026-11-29T00:00:00.000Z',
  });
  expect(text.split('\n').map((line) => line.trimEnd())).toEqual([
    'link          ok          eth0 is up',
    'DNS           FAILED      no \\x1b[31manswer',
    'platform TLS  not tested',
    'clock         WARNING     90 s behind',
    '',
    'NETWORK ERR 01 LAN DNS failed (E13 of older models)',
    'Check the servers.',
    '',
  ]);
});
