import { systemClock } from '@picket/base/adapters/system';
import type { Clock } from '@picket/base/clock';
import { type TestCa, testCa } from '@picket/testkit/test-ca';
import { SMTPServer } from 'smtp-server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signIn, type TestClient, type TestPlatform, withTestPlatform } from '../../server/testing.ts';
import { canRun, databaseKinds } from '../../storage/testing.ts';

const password = 'a sentence of my own';
const guest = { login: 'guest', name: 'Gwen Guest', email: 'guest@example.org', role: 'reader' };
const tokenOf = (link: string) => link.split('#')[1] ?? '';
const without = ({ requestId: _id, ...rest }: Record<string, unknown>) => rest;
const open = (client: TestClient, token: string) => client.send('POST', '/api/v1/invitation', { token });
const accept = (client: TestClient, token: string, chosen = password) =>
  client.send('POST', '/api/v1/invitation/accept', { token, password: chosen });

/** Actions of the audit log about invitations, oldest first. */
async function audited(running: TestPlatform) {
  const rows = await running.platform.context.database.db
    .selectFrom('audit_entry')
    .select(['action', 'actor'])
    .where('action', 'like', 'invitation.%')
    .orderBy('id')
    .execute();
  return rows.map(({ action, actor }) => [action, actor.split('-')[0]]);
}

describe.each(databaseKinds)('invitations, %s', (kind) => {
  let ca: TestCa;
  let server: SMTPServer;
  const mails: string[] = [];
  beforeAll(async () => {
    ca = await testCa();
    server = new SMTPServer({
      ...(await ca.issue(['127.0.0.1', 'localhost'])),
      authOptional: true,
      onData: (stream, _session, done) => {
        const parts: Buffer[] = [];
        stream.on('data', (part: Buffer) => parts.push(part));
        stream.on('end', () => {
          mails.push(Buffer.concat(parts).toString('utf8'));
          done();
        });
      },
    });
    server.on('error', () => {});
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => new Promise<void>((resolve) => server.close(() => resolve())));

  it.skipIf(!canRun(kind))('make an account with a password of its own, once, and the link is stored nowhere', () =>
    withTestPlatform(kind, async (running) => {
      const manager = await running.signedIn('manager');
      const made = await manager.send('POST', '/api/v1/invitations', guest);
      expect(made).toMatchObject({
        status: 201,
        json: { ...guest, expired: false, mail: { state: 'no-server', detail: null } },
      });
      expect(Date.parse(made.json.expiresAt) - Date.parse(made.json.sentAt)).toBe(7 * 86_400_000);
      const { link } = made.json;
      expect(link).toMatch(new RegExp(`^https://localhost:${running.platform.port}/invite#[\\w-]{43}$`));
      const { db } = running.platform.context.database;
      const stored = await db.selectFrom('invitation').selectAll().executeTakeFirstOrThrow();
      expect(Buffer.from(stored.token_hash)).toHaveLength(32);
      expect(JSON.stringify(stored) + Buffer.from(stored.token_hash).toString('base64url')).not.toContain(
        tokenOf(link),
      );
      const listed = await manager.send('GET', '/api/v1/invitations');
      expect(listed.json).toMatchObject({ total: 1, items: [{ login: 'guest', invitedBy: stored.invited_by_login }] });
      expect(listed.text).not.toContain(tokenOf(link));
      expect((await manager.send('GET', '/api/v1/accounts')).text).not.toContain('Gwen');

      const browser = running.client();
      expect((await open(browser, tokenOf(link))).json).toMatchObject({ invitedBy: 'manager', role: 'reader' });
      const weak = await accept(browser, tokenOf(link), 'guest is my login');
      expect(weak).toMatchObject({ status: 400, json: { code: 'session.password-weak' } });
      expect((await accept(browser, tokenOf(link), 'short')).status).toBe(400);
      expect((await accept(browser, tokenOf(link))).json).toEqual({ signedIn: true });
      const state = await browser.send('GET', '/api/v1/session');
      expect(state.json.user).toMatchObject({
        login: 'guest',
        role: 'reader',
        passwordChangeNeeded: false,
        termsAccepted: false,
      });
      expect((await signIn(running.client(), 'guest', password)).status).toBe(200);
      const account = await db.selectFrom('account').select('email').where('login', '=', 'guest').execute();
      expect(account).toEqual([{ email: guest.email }]);

      const used = await open(running.client(), tokenOf(link));
      const never = await open(running.client(), 'A'.repeat(43));
      expect(used).toMatchObject({ status: 410, json: { code: 'invitation.not-valid' } });
      expect(without(used.json)).toEqual(without(never.json));
      expect((await accept(running.client(), tokenOf(link))).status).toBe(410);
      expect((await manager.send('GET', '/api/v1/invitations')).json.total).toBe(0);
      expect(await audited(running)).toEqual([
        ['invitation.create', 'manager'],
        ['invitation.accept', 'guest'],
      ]);
      const logged = (await manager.send('GET', '/api/v1/audit?limit=500')).text;
      expect(logged).not.toContain(tokenOf(link));
      expect(logged).not.toContain(password);
    }),
  );

  it.skipIf(!canRun(kind))(
    'end when they are replaced, withdrawn or too old, or their maker may not give it now',
    () => {
      let offset = 0;
      const clock: Clock = { ...systemClock, now: () => systemClock.now() + offset };
      return withTestPlatform(
        kind,
        async (running) => {
          const manager = await running.signedIn('manager');
          const first = (await manager.send('POST', '/api/v1/invitations', { ...guest, days: 2 })).json;
          const again = await manager.send('POST', '/api/v1/invitations', { ...guest, login: 'GUEST' });
          expect(again).toMatchObject({ status: 409, json: { code: 'invitation.already-open' } });
          const tooLong = await manager.send('POST', '/api/v1/invitations', { ...guest, login: 'other', days: 31 });
          expect(tooLong.status).toBe(400);
          const path = `/api/v1/invitations/${first.id}`;
          const second = (await manager.send('POST', `${path}/resend`)).json;
          const browser = running.client();
          expect((await open(browser, tokenOf(first.link))).status).toBe(410);
          expect((await open(browser, tokenOf(second.link))).status).toBe(200);
          offset = 2 * 86_400_000 - 60_000;
          expect((await open(browser, tokenOf(second.link))).status).toBe(200);
          offset += 60_001;
          expect((await open(browser, tokenOf(second.link))).status).toBe(410);
          expect((await accept(browser, tokenOf(second.link))).status).toBe(410);
          const { json: self } = await signedInAgain(running, manager);
          expect((await manager.send('GET', '/api/v1/invitations')).json.items[0].expired).toBe(true);
          const third = (await manager.send('POST', `${path}/resend`)).json;
          expect((await open(browser, tokenOf(third.link))).status).toBe(200);

          // Whoever invited became an Auditor: what they gave counts no more.
          const { db } = running.platform.context.database;
          const setRole = (role: 'auditor' | 'manager') =>
            db.updateTable('account').set({ role }).where('id', '=', self.user.id).execute();
          await setRole('auditor');
          expect((await open(browser, tokenOf(third.link))).status).toBe(410);
          expect((await accept(browser, tokenOf(third.link))).status).toBe(410);
          await setRole('manager');
          expect((await manager.send('DELETE', path)).status).toBe(204);
          expect((await manager.send('DELETE', path)).status).toBe(404);
          expect((await open(browser, tokenOf(third.link))).status).toBe(410);
          expect(await audited(running)).toEqual(
            ['create', 'resend', 'resend', 'revoke'].map((verb) => [`invitation.${verb}`, 'manager']),
          );
        },
        { clock },
      );
    },
  );

  it.skipIf(!canRun(kind))(
    'give one account to two who accept at the same time, and none for a login taken since',
    () =>
      withTestPlatform(kind, async (running) => {
        const manager = await running.signedIn('manager');
        const made = (await manager.send('POST', '/api/v1/invitations', guest)).json;
        const both = await Promise.all([1, 2].map(() => accept(running.client(), tokenOf(made.link))));
        expect(both.map((answer) => answer.status).sort()).toEqual([200, 410]);
        const other = (await manager.send('POST', '/api/v1/invitations', { ...guest, login: 'twice' })).json;
        expect((await manager.send('POST', '/api/v1/accounts', { ...guest, login: 'Twice' })).status).toBe(201);
        const taken = await accept(running.client(), tokenOf(other.link));
        expect(taken).toMatchObject({ status: 409, json: { code: 'invitation.login-taken' } });
        const present = await manager.send('POST', '/api/v1/invitations', { ...guest, login: 'Guest' });
        expect(present).toMatchObject({ status: 409, json: { code: 'account.login-taken' } });
      }),
  );

  it.skipIf(!canRun(kind))('are slowed down like signing in, whether a link exists or not', () =>
    withTestPlatform(kind, async (running) => {
      const manager = await running.signedIn('manager');
      const { link } = (await manager.send('POST', '/api/v1/invitations', guest)).json;
      const browser = running.client();
      for (let attempt = 0; attempt < 50; attempt++) expect((await open(browser, `guess${attempt}`)).status).toBe(410);
      expect(await open(browser, tokenOf(link))).toMatchObject({
        status: 429,
        json: { code: 'request.rate-limited' },
      });
    }),
  );

  it.skipIf(!canRun(kind))('go by mail where a server is set up, and say why when it takes none', () =>
    withTestPlatform(kind, async (running) => {
      const manager = await running.signedIn('manager');
      const address = server.server.address();
      const settings = {
        host: '127.0.0.1',
        port: typeof address === 'object' && address !== null ? address.port : 0,
        security: 'starttls',
        from: 'picket@example.org',
        caPem: ca.pem,
      };
      await manager.send('PUT', '/api/v1/mail-server', settings);
      const made = await manager.send('POST', '/api/v1/invitations', { ...guest, name: 'Gwen\u202e Guest' });
      expect(made.json.mail).toEqual({ state: 'sent', detail: null });
      const [mail = ''] = mails.splice(0).map((one) => one.replaceAll('=\r\n', '').replaceAll('=3D', '='));
      expect(mail).toContain('To: guest@example.org');
      expect(mail).toContain('Subject: manager invites you to Picket');
      expect(mail).toContain('Hello Gwen Guest,');
      expect(mail).toContain(made.json.link);
      const { db } = running.platform.context.database;
      expect(await db.selectFrom('delivery').select('id').execute()).toEqual([]);
      const { email: _none, ...silent } = { ...guest, login: 'silent' };
      const byHand = await manager.send('POST', '/api/v1/invitations', silent);
      expect(byHand.json.mail).toEqual({ state: 'no-address', detail: null });
      await manager.send('PUT', '/api/v1/mail-server', { ...settings, caPem: null });
      const failed = await manager.send('POST', `/api/v1/invitations/${made.json.id}/resend`);
      expect(failed).toMatchObject({ status: 200, json: { mail: { state: 'failed' } } });
      expect(failed.json.mail.detail).toMatch(/certificate/i);
      expect((await open(running.client(), tokenOf(failed.json.link))).status).toBe(200);
    }),
  );

  /** The session of a test ends with its hours; the account stays the same. */
  async function signedInAgain(running: TestPlatform, client: TestClient) {
    const { db } = running.platform.context.database;
    const own = await db.selectFrom('account').select('login').where('login', 'like', 'manager-%').executeTakeFirst();
    await signIn(client, own?.login ?? '', 'correct horse battery');
    return client.send('GET', '/api/v1/session');
  }
});
