import type { AddressInfo } from 'node:net';
import { systemClock, systemRandom } from '@picket/base/adapters/system';
import { Secret } from '@picket/base/secret';
import { type TestCa, testCa } from '@picket/testkit/test-ca';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Mail, type MailServer, smtpSender } from './mail.ts';
import { outboundConnector } from './outbound-connector.ts';

let ca: TestCa;
beforeAll(async () => {
  ca = await testCa();
});
const cleanUps: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
});

interface Received {
  readonly from: string;
  readonly to: readonly string[];
  readonly secure: boolean;
  readonly user: string | undefined;
  readonly data: string;
}

/** A real SMTP server on loopback that keeps what it is given. */
async function smtp(options: SMTPServerOptions = {}): Promise<{ server: MailServer; received: Received[] }> {
  const received: Received[] = [];
  const issued = await ca.issue(['127.0.0.1', 'localhost']);
  const running = new SMTPServer({
    ...issued,
    authOptional: true,
    onAuth: ({ username, password }, _session, done) =>
      password === 'right' ? done(null, { user: username ?? '' }) : done(new Error('no such login')),
    onData: (stream, session, done) => {
      const parts: Buffer[] = [];
      stream.on('data', (part: Buffer) => parts.push(part));
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope;
        received.push({
          from: mailFrom === false ? '' : mailFrom.address,
          to: rcptTo.map(({ address }) => address),
          secure: session.secure,
          user: session.user === undefined ? undefined : String(session.user),
          data: Buffer.concat(parts).toString('utf8'),
        });
        done();
      });
    },
    ...options,
  });
  running.on('error', () => {});
  await new Promise<void>((resolve) => running.listen(0, '127.0.0.1', resolve));
  cleanUps.push(() => new Promise((resolve) => running.close(() => resolve())));
  const { port } = running.server.address() as AddressInfo;
  const server: MailServer = {
    host: '127.0.0.1',
    port,
    security: 'starttls',
    login: null,
    from: 'picket@example.org',
    caPem: ca.pem,
  };
  return { server, received };
}

const connector = outboundConnector(
  { outboundProxy: null, outboundNoProxy: '' },
  { clock: systemClock, random: systemRandom },
  { allowOwnMachine: true },
);
const send = smtpSender(connector, systemClock);
const never = new AbortController().signal;
const mail: Mail = {
  to: 'anna@example.org',
  subject: 'Appliance one is offline',
  text: 'Look at it.\nSoon.',
  id: 'one-two',
};

describe('smtpSender', () => {
  it('hands a mail over under STARTTLS with a login, plain text and an id that stays', async () => {
    const { server, received } = await smtp();
    const login = { user: 'picket', password: new Secret('right') };
    expect(await send({ ...server, login }, mail, never)).toEqual({ ok: true, value: null });
    expect(received).toMatchObject([
      { from: 'picket@example.org', to: ['anna@example.org'], secure: true, user: 'picket' },
    ]);
    const [head = '', body = ''] = received[0]?.data.split('\r\n\r\n') ?? [];
    expect(head).toContain('Subject: Appliance one is offline');
    expect(head).toContain('Message-ID: <one-two@example.org>');
    expect(head).toMatch(/Content-Type: text\/plain/);
    expect(head).toContain('Auto-Submitted: auto-generated');
    expect(body.trim()).toBe('Look at it.\r\nSoon.');
  });

  it('speaks TLS from the first byte', async () => {
    const { server, received } = await smtp({ secure: true });
    expect((await send({ ...server, security: 'tls' }, mail, never)).ok).toBe(true);
    expect(received).toMatchObject([{ secure: true }]);
  });

  it('sends nothing where STARTTLS is not offered, and nothing where the certificate is not trusted', async () => {
    const plain = await smtp({ hideSTARTTLS: true, disabledCommands: ['STARTTLS'] });
    const login = { user: 'picket', password: new Secret('right') };
    const refused = await send({ ...plain.server, login }, mail, never);
    expect(refused).toMatchObject({ ok: false, error: { final: false } });
    expect(refused.ok ? '' : refused.error.hint).toMatch(/STARTTLS/);
    const other = await smtp();
    const { pem } = await testCa('Another');
    expect(await send({ ...other.server, caPem: pem, login }, mail, never)).toMatchObject({ ok: false });
    expect([...plain.received, ...other.received]).toEqual([]);
  });

  it('sends no login in clear text, and a mail only where that was chosen', async () => {
    const { server, received } = await smtp({
      hideSTARTTLS: true,
      disabledCommands: ['STARTTLS'],
      allowInsecureAuth: true,
    });
    const login = { user: 'picket', password: new Secret('right') };
    expect((await send({ ...server, security: 'none', login }, mail, never)).ok).toBe(true);
    expect(received).toMatchObject([{ secure: false, user: undefined }]);
  });

  it('adds no header and no receiver, whatever is in a subject or an address', async () => {
    const { server, received } = await smtp();
    const subject = 'x\r\nBcc: everybody@example.org\r\n\r\nbody\u202e\u0000\u001b[2J';
    expect((await send(server, { ...mail, subject }, never)).ok).toBe(true);
    const [head = ''] = received[0]?.data.split('\r\n\r\n') ?? [];
    expect(head).not.toMatch(/^Bcc:/im);
    expect(received[0]?.to).toEqual(['anna@example.org']);
    for (const to of [
      'a@example.org, b@example.org',
      'a@example.org\r\nBcc: b@example.org',
      '"x" <a@example.org>',
      '',
    ]) {
      expect(await send(server, { ...mail, to }, never)).toMatchObject({ ok: false, error: { final: true } });
    }
    expect(received).toHaveLength(1);
  });

  it('carries a megabyte of hostile text as cut plain text without control characters', async () => {
    const { server, received } = await smtp();
    const text = `<script>alert(1)</script>=cmd()\u001b[31m\u0007${'\u0000'.repeat(10)}\r\n.\r\nQUIT\r\n${'x'.repeat(1_000_000)}`;
    expect((await send(server, { ...mail, text }, never)).ok).toBe(true);
    expect(received).toHaveLength(1);
    const data = received[0]?.data ?? '';
    expect(data.length).toBeLessThan(200_000);
    expect(data).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/);
    expect(data).toContain('Content-Type: text/plain');
  });

  it('tells a refusal for good from one that may pass, and a wrong password', async () => {
    const { server } = await smtp({
      onRcptTo: ({ address }, _session, done) => {
        const code = address.startsWith('gone') ? 550 : address.startsWith('later') ? 451 : 0;
        if (code === 0) return done();
        done(Object.assign(new Error('not now'), { responseCode: code }));
      },
    });
    expect(await send(server, { ...mail, to: 'gone@example.org' }, never)).toMatchObject({ error: { final: true } });
    expect(await send(server, { ...mail, to: 'later@example.org' }, never)).toMatchObject({ error: { final: false } });
    const login = { user: 'picket', password: new Secret('wrong') };
    const failed = await send({ ...server, login }, mail, never);
    expect(failed).toMatchObject({
      ok: false,
      error: { final: false, hint: 'Check login and password of the mail server.' },
    });
    expect(JSON.stringify(failed)).not.toContain('wrong');
  });

  it('says where nobody answers', async () => {
    const { server } = await smtp();
    for (const cleanUp of cleanUps.splice(0)) await cleanUp();
    expect(await send(server, mail, never)).toMatchObject({ ok: false, error: { final: false } });
  });
});
