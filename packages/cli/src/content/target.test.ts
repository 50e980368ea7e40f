import { expect, it } from 'vitest';
import { parseTarget } from './target.ts';

it.each([
  ['10.0.0.1', '10.0.0.1', null, null],
  ['db.example.test:5432', 'db.example.test', 5432, null],
  ['https://web.example.test', 'web.example.test', 443, true],
  ['http://[fd00::1]:8080/', 'fd00::1', 8080, false],
  ['[fd00::1]:22', 'fd00::1', 22, null],
  ['fd00::1', 'fd00::1', null, null],
  ['tls://10.0.0.1:993', '10.0.0.1', 993, true],
])('reads %s', (text, host, port, tls) => {
  expect(parseTarget(text)).toEqual({ ok: true, value: { host, port, tls } });
});

it.each(['', 'ftp://x', 'http://x/path', 'x:99999', 'a b', 'x:y'])('refuses "%s"', (text) => {
  expect(parseTarget(text).ok).toBe(false);
});
