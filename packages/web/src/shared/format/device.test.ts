import { expect, it } from 'vitest';
import { deviceName } from './device.ts';

it('a browser is named by its mark and its system, anything else as it calls itself', () => {
  const webkit = 'AppleWebKit/537.36 (KHTML, like Gecko)';
  const cases: readonly (readonly [string | null, string])[] = [
    [`Mozilla/5.0 (X11; Linux x86_64) ${webkit} Chrome/140.0.0.0 Safari/537.36`, 'Chrome on Linux'],
    [`Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${webkit} Chrome/140.0 Safari/537.36 Edg/140.0`, 'Edge on Windows'],
    ['Mozilla/5.0 (Windows NT 10.0; rv:143.0) Gecko/20100101 Firefox/143.0', 'Firefox on Windows'],
    [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Version/18.0 Mobile/15E148 Safari/604.1',
      'Safari on iOS',
    ],
    [`Mozilla/5.0 (Linux; Android 15) ${webkit} Chrome/140.0 Mobile Safari/537.36`, 'Chrome on Android'],
    ['curl/7.88.1', 'curl'],
    ['x'.repeat(100), 'x'.repeat(40)],
    ['', 'An unnamed program'],
    [null, 'An unnamed program'],
  ];
  for (const [agent, name] of cases) expect(deviceName(agent)).toBe(name);
});
