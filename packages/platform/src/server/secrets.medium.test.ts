import { systemClock } from '@picket/base/adapters/system';
import { expect, it } from 'vitest';
import { pinoLog } from './pino-log.ts';
import { signIn, testPassword, withTestPlatform } from './testing.ts';

it('no password, token, cookie or key is in a log, a refusal, a metric or the audit log', async () => {
  const lines: string[] = [];
  const log = pinoLog({ write: (line) => lines.push(line) }, 'debug');
  const seen: string[] = [];
  await withTestPlatform(
    'embedded',
    async (running) => {
      const manager = await running.signedIn('manager');
      const { json: made } = await manager.send('POST', '/api/v1/accounts', {
        login: 'canary',
        name: 'C',
        role: 'reader',
      });
      const typed = 'canary-typed-password';
      const browser = running.client();
      const answers = [
        await signIn(browser, 'canary', typed),
        await signIn(browser, typed, 'x'),
        await browser.send('POST', '/api/v1/session', `{"login":"canary","password":"${typed}"`),
        await browser.send('POST', '/api/v1/session', { login: 'canary', password: typed.repeat(20) }),
        await manager.send('POST', '/api/v1/session/password', { current: typed, next: `${typed}-next` }),
        await manager.send('GET', `/api/v1/assets?cursor=${typed}`),
        await browser.send('GET', `/api/v1/${typed}?token=${typed}`, undefined, { cookie: `__Host-picket=${typed}` }),
      ];
      expect(answers.every((answer) => answer.status >= 400)).toBe(true);
      expect(
        answers
          .slice(0, -1)
          .map((answer) => answer.text)
          .join(),
      ).not.toContain(typed);
      const cookie = manager.cookie?.split('=')[1] ?? '';
      const metrics = (await manager.send('GET', '/metrics')).text;
      const audit = (await manager.send('GET', '/api/v1/audit')).text;
      const accounts = (await manager.send('GET', '/api/v1/accounts')).text;
      seen.push(metrics, audit, accounts, lines.join(''));
      const secrets = [typed, cookie, manager.csrf, made.oneTimePassword, testPassword, '$argon2id', 'PRIVATE KEY'];
      for (const secret of secrets) {
        expect(String(secret).length).toBeGreaterThan(8);
        for (const text of seen) expect(text).not.toContain(secret);
      }
      expect(lines.length).toBeGreaterThan(5);
    },
    { log, clock: systemClock },
  );
});

it('the log hides fields that are named like secrets', () => {
  const lines: string[] = [];
  const log = pinoLog({ write: (line) => lines.push(line) });
  log.with({ token: 'canary-1' }).write('info', 'test.event', { password: 'canary-2', count: 3 });
  expect(lines.join('')).not.toContain('canary');
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    level: 'info',
    event: 'test.event',
    count: 3,
    time: expect.any(String),
  });
});
