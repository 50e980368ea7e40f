import { FakeClock } from '@picket/testkit/fake-clock';
import { describe, expect, it } from 'vitest';
import { pinoLog } from '../../server/pino-log.ts';
import { signIn, type TestClient, testPassword, withTestPlatform } from '../../server/testing.ts';
import { canRun, databaseKinds } from '../../storage/testing.ts';
import { base32, codeOfStep, stepAt } from './totp.ts';

/** An authenticator app: it knows the secret as text, and the time. */
function app(secret: string, clock: FakeClock) {
  const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const bits = [...secret].map((one) => digits.indexOf(one).toString(2).padStart(5, '0')).join('');
  const bytes = new Uint8Array(secret.length * 0.625).map((_, n) => Number.parseInt(bits.slice(n * 8, n * 8 + 8), 2));
  expect(base32(bytes)).toBe(secret);
  return (off = 0) => codeOfStep(bytes, stepAt(clock.now()) + off);
}

/** Turns the app of somebody on. */
async function enrolled(person: TestClient, clock: FakeClock) {
  const begun = await person.send('POST', '/api/v1/session/totp', { password: testPassword });
  expect(begun.status).toBe(200);
  const code = app(begun.json.secret, clock);
  const on = await person.send('POST', '/api/v1/session/totp/confirm', { code: code() });
  expect(on.status).toBe(200);
  return { secret: String(begun.json.secret), uri: String(begun.json.uri), code, codes: on.json.codes as string[] };
}

const again = (person: TestClient, login: string, code?: string) =>
  person.send('POST', '/api/v1/session', { login, password: testPassword, ...(code === undefined ? {} : { code }) });

describe.each(databaseKinds)('an authenticator app, %s', (kind) => {
  it.skipIf(!canRun(kind))('is asked for after the password, and each of its codes works once', () => {
    const clock = new FakeClock();
    return withTestPlatform(
      kind,
      async (running) => {
        const person = await running.signedIn('reader');
        const { user } = (await person.send('GET', '/api/v1/session')).json;
        expect((await person.send('GET', '/api/v1/session/factors')).json).toEqual({
          totpSince: null,
          recoveryCodesLeft: 0,
          passkeys: 0,
        });
        const wrong = await person.send('POST', '/api/v1/session/totp', { password: 'wrong' });
        expect(wrong).toMatchObject({ status: 400, json: { errors: [{ field: 'password' }] } });
        // Begun, not confirmed: the password is still enough.
        await person.send('POST', '/api/v1/session/totp', { password: testPassword });
        expect((await signIn(running.client(), user.login, testPassword)).status).toBe(200);
        const { code, codes, uri } = await enrolled(person, clock);
        expect(uri).toMatch(new RegExp(`^otpauth://totp/Picket:${user.login}\\?secret=[A-Z2-7]{32}&issuer=Picket$`));
        expect(new Set(codes).size).toBe(10);
        expect((await person.send('POST', '/api/v1/session/totp', { password: testPassword })).status).toBe(409);

        const other = running.client();
        expect((await again(other, user.login)).json).toMatchObject({ status: 401, code: 'session.code-needed' });
        expect(other.cookie).toBeNull();
        // The code that turned it on is used up.
        expect((await again(other, user.login, code())).json.code).toBe('session.code-wrong');
        await clock.advance(30_000);
        expect((await again(other, user.login, code())).status).toBe(200);
        expect((await again(other, user.login, code())).json.code).toBe('session.code-wrong');
        expect((await again(other, user.login, code(-1))).json.code).toBe('session.code-wrong');
        await clock.advance(60_000);
        expect((await again(other, user.login, `${code(1).slice(0, 3)} ${code(1).slice(3)}`)).status).toBe(200);
        const { items } = (await other.send('GET', '/api/v1/sessions')).json;
        expect(items[0]).toMatchObject({ method: 'password+code' });
      },
      { clock },
    );
  });

  it.skipIf(!canRun(kind))(
    'can be replaced by a recovery code, each once; and turned off with password and code',
    () => {
      const clock = new FakeClock();
      return withTestPlatform(
        kind,
        async (running) => {
          const person = await running.signedIn('scanner');
          const { user } = (await person.send('GET', '/api/v1/session')).json;
          const { codes, code } = await enrolled(person, clock);
          const [first = '', second = ''] = codes;
          expect((await again(person, user.login, first.toUpperCase())).status).toBe(200);
          expect((await again(person, user.login, first)).json.code).toBe('session.code-wrong');
          const fresh = await again(person, user.login, second.replaceAll('-', ''));
          person.csrf = fresh.json.csrfToken;
          expect((await person.send('GET', '/api/v1/session/factors')).json.recoveryCodesLeft).toBe(8);
          await clock.advance(30_000);
          const proof = { password: testPassword, code: code() };
          const renewed = await person.send('POST', '/api/v1/session/totp/recovery-codes', proof);
          expect(renewed.json.codes).toHaveLength(10);
          expect((await again(running.client(), user.login, codes[5])).status).toBe(401);
          expect((await person.send('POST', '/api/v1/session/totp/off', proof)).json.code).toBe('factor.code-wrong');
          await clock.advance(30_000);
          const bad = { password: 'wrong', code: code() };
          expect((await person.send('POST', '/api/v1/session/totp/off', bad)).status).toBe(400);
          const off = await person.send('POST', '/api/v1/session/totp/off', { ...bad, password: testPassword });
          expect(off.json).toEqual({ totpSince: null, recoveryCodesLeft: 0, passkeys: 0 });
          expect((await signIn(running.client(), user.login, testPassword)).status).toBe(200);
        },
        { clock },
      );
    },
  );

  it.skipIf(!canRun(kind))('takes one of two requests that use the same code at the same time', () => {
    const clock = new FakeClock();
    return withTestPlatform(
      kind,
      async (running) => {
        const person = await running.signedIn('reader');
        const { user } = (await person.send('GET', '/api/v1/session')).json;
        const { code, codes } = await enrolled(person, clock);
        await clock.advance(30_000);
        for (const used of [code(), codes[0]]) {
          const answers = await Promise.all([1, 2].map(() => again(running.client(), user.login, used)));
          expect(answers.map(({ status }) => status).sort()).toEqual([200, 401]);
        }
      },
      { clock },
    );
  });

  it.skipIf(!canRun(kind))('that is wrong counts as a failed sign-in', () => {
    const clock = new FakeClock();
    return withTestPlatform(
      kind,
      async (running) => {
        const person = await running.signedIn('reader');
        const { user } = (await person.send('GET', '/api/v1/session')).json;
        const { code } = await enrolled(person, clock);
        const stranger = running.client();
        for (let n = 0; n < 5; n++) {
          // Asking for the code costs nothing, and forgives nothing.
          expect((await again(stranger, user.login)).json.code).toBe('session.code-needed');
          expect((await again(stranger, user.login, '000000')).json.code).toBe('session.code-wrong');
        }
        await clock.advance(1000);
        expect((await again(stranger, user.login, code(1))).json.code).toBe('session.locked');
      },
      { clock },
    );
  });

  it.skipIf(!canRun(kind))('is asked of everybody when a Manager says so, and reset by one', () => {
    const clock = new FakeClock();
    return withTestPlatform(
      kind,
      async (running) => {
        const manager = await running.signedIn('manager');
        await enrolled(manager, clock);
        const person = await running.signedIn('reader');
        const { user } = (await person.send('GET', '/api/v1/session')).json;
        await manager.send('PATCH', '/api/v1/security-policy', { requireSecondFactor: true });
        expect((await manager.send('GET', '/api/v1/about')).status).toBe(200);
        expect((await person.send('GET', '/api/v1/about')).json.code).toBe('session.second-factor-needed');
        expect((await person.send('GET', '/api/v1/session')).json.user.secondFactorNeeded).toBe(true);
        const { codes } = await enrolled(person, clock);
        expect((await person.send('GET', '/api/v1/about')).status).toBe(200);
        const path = `/api/v1/accounts/${user.id}/factors`;
        expect((await manager.send('GET', path)).json.recoveryCodesLeft).toBe(10);
        expect((await manager.send('DELETE', path)).status).toBe(204);
        expect((await person.send('GET', '/api/v1/about')).status).toBe(401);
        expect((await again(person, user.login, codes[0])).json.user.secondFactorNeeded).toBe(true);
        const { items } = (await manager.send('GET', '/api/v1/audit?action=factor.')).json;
        expect(items.map((entry: { action: string }) => entry.action)).toEqual([
          'factor.reset',
          'factor.totp-on',
          'factor.totp-on',
        ]);
      },
      { clock },
    );
  });

  it.skipIf(!canRun(kind))('has its secret and recovery codes nowhere in the database or a log', () => {
    const clock = new FakeClock();
    const lines: string[] = [];
    return withTestPlatform(
      kind,
      async (running) => {
        const person = await running.signedIn('manager');
        const { user } = (await person.send('GET', '/api/v1/session')).json;
        const { secret, codes, code } = await enrolled(person, clock);
        await again(running.client(), user.login, code());
        const { db } = running.platform.context.database;
        const [factor] = await db.selectFrom('totp_factor').selectAll().execute();
        const sealed = Buffer.from(factor?.sealed_secret ?? []);
        expect(sealed.length).toBe(1 + 12 + 16 + 28);
        const audit = (await person.send('GET', '/api/v1/audit/export')).text;
        const canaries = [secret, testPassword, ...codes];
        for (const text of [lines.join(''), audit]) for (const one of canaries) expect(text).not.toContain(one);
        expect(lines.length).toBeGreaterThan(3);
      },
      { clock, log: pinoLog({ write: (line) => lines.push(line) }, 'debug') },
    );
  });
});
