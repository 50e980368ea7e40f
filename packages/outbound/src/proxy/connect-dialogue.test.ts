import { Secret } from '@picket/base/secret';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AnswerHead } from './answer-head.ts';
import { ConnectDialogue, type DialogueStep, freshMemory, type ProxyMemory } from './connect-dialogue.ts';
import type { ProxyAuth, ProxySettings } from './proxy-settings.ts';

const random = { bytes: (length: number) => new Uint8Array(length).fill(7), integer: () => 0, uuid: () => '' };
const clock = { now: () => 1_700_000_000_000, monotonic: () => 0, sleep: async () => {} };
const password = 'can4ry-s3cret';
const login = { user: 'CORP\\ada', password: new Secret(password) };

function dialogue(auth: ProxyAuth, memory: ProxyMemory = freshMemory(), user: ProxySettings['login'] = login) {
  const proxy = { host: 'proxy.example', port: 3128, tls: false, auth, login: user };
  return new ConnectDialogue({ proxy, destination: { host: '2001:db8::1', port: 443 }, memory, random, clock });
}

const head = (status: number, ...offered: string[]): AnswerHead => ({
  status,
  version: '1.1',
  fields: offered.map((value) => ['proxy-authenticate', value] as const),
});
const words = (step: DialogueStep) => {
  if (step.kind === 'failed') return `${step.fault.kind} ${step.fault.detail}`;
  if (step.kind === 'tunnel') return 'tunnel';
  const text = Buffer.from(step.request).toString('latin1');
  return /Proxy-Authorization: (\S+)/.exec(text)?.[1] ?? 'plain';
};

const ntlmChallenge = `NTLM ${Buffer.from(
  '4e544c4d5353500002000000' +
    '0000000000000000' +
    '358289e2' +
    '1111111111111111' +
    '0000000000000000' +
    '0000000030000000',
  'hex',
).toString('base64')}`;
const digest = 'Digest realm="r", nonce="n1", qop="auth"';

describe('a dialogue with a proxy', () => {
  it('asks in the form of RFC 9110, IPv6 in brackets', () => {
    const step = dialogue('none').first();
    expect(step.kind === 'ask' && Buffer.from(step.request).toString()).toBe(
      'CONNECT [2001:db8::1]:443 HTTP/1.1\r\nHost: [2001:db8::1]:443\r\nProxy-Connection: keep-alive\r\n\r\n',
    );
  });

  it.each<[string, ProxyAuth, AnswerHead[], string[]]>([
    ['no login is wanted', 'any', [head(200)], ['plain', 'tunnel']],
    ['Basic', 'any', [head(407, 'Basic realm="x"'), head(200)], ['plain', 'Basic', 'tunnel']],
    ['Basic that is configured, at once', 'basic', [head(200)], ['Basic', 'tunnel']],
    ['Digest', 'any', [head(407, digest, 'Basic'), head(200)], ['plain', 'Digest', 'tunnel']],
    [
      'NTLM',
      'any',
      [head(407, 'NTLM', 'Basic'), head(407, ntlmChallenge), head(200)],
      ['plain', 'NTLM', 'NTLM', 'tunnel'],
    ],
    [
      'a wrong password by Basic',
      'basic',
      [head(407, 'Basic')],
      ['Basic', 'proxy-auth-refused HTTP 407 after a login by Basic'],
    ],
    [
      'a wrong password by Digest',
      'any',
      [head(407, digest), head(407, digest)],
      ['plain', 'Digest', 'proxy-auth-refused HTTP 407 after a login by Digest'],
    ],
    [
      'a wrong password by NTLM',
      'ntlm',
      [head(407, 'NTLM'), head(407, ntlmChallenge), head(407, 'NTLM')],
      ['plain', 'NTLM', 'NTLM', 'proxy-auth-refused HTTP 407 after a login by NTLM'],
    ],
    [
      'an old nonce',
      'digest',
      [head(407, digest), head(407, `${digest}, stale=true`), head(200)],
      ['plain', 'Digest', 'Digest', 'tunnel'],
    ],
    [
      'nonces that are always old',
      'digest',
      [head(407, digest), ...Array.from({ length: 3 }, () => head(407, `${digest}, stale=true`))],
      ['plain', 'Digest', 'Digest', 'Digest', 'proxy-auth-refused HTTP 407 after a login by Digest'],
    ],
    ['only Negotiate', 'any', [head(407, 'Negotiate')], ['plain', 'proxy-no-auth it offers Negotiate']],
    [
      'only Basic where NTLM is wanted',
      'ntlm',
      [head(407, 'Basic')],
      ['plain', 'proxy-no-auth it offers Basic, wanted is ntlm'],
    ],
    ['407 without an offer', 'any', [head(407)], ['plain', 'proxy-no-auth it offers nothing']],
    [
      'an NTLM challenge that is none',
      'any',
      [head(407, 'NTLM'), head(407, 'NTLM AAAA')],
      ['plain', 'NTLM', 'proxy-auth-refused its NTLM challenge can not be read'],
    ],
    [
      'a wrong password that is told by 401',
      'basic',
      [head(401)],
      ['Basic', 'proxy-auth-refused HTTP 401 after a login by Basic'],
    ],
    ['401 without a login', 'any', [head(401)], ['plain', 'proxy-status HTTP 401']],
    ['a redirect', 'any', [head(302)], ['plain', 'proxy-status HTTP 302']],
    ['502', 'any', [head(502)], ['plain', 'proxy-status HTTP 502']],
  ])('%s', (_, auth, answers, expected) => {
    const talk = dialogue(auth);
    expect([talk.first(), ...answers.map((answer) => talk.next(answer))].map(words)).toEqual(expected);
  });

  it('says that a login is wanted where none is configured', () => {
    const talk = dialogue('any', freshMemory(), null);
    talk.first();
    expect(talk.next(head(407, 'NTLM', 'Basic'))).toMatchObject({
      fault: { kind: 'proxy-status', status: 407, detail: 'HTTP 407: it asks for a login, NTLM, Basic' },
    });
  });

  it('binds the last message of NTLM to the connection, and nothing else', () => {
    const talk = dialogue('any');
    const steps = [talk.first(), talk.next(head(407, 'NTLM')), talk.next(head(407, ntlmChallenge))];
    expect(steps.map((step) => step.kind === 'ask' && step.bound)).toEqual([false, false, true]);
    expect(talk.ntlm).toBe(true);
  });

  it('begins the next tunnel with the login that opened the last, and counts the uses of a nonce', () => {
    const memory = freshMemory();
    const first = dialogue('any', memory);
    first.first();
    first.next(head(407, digest));
    first.next(head(200));
    const second = dialogue('any', memory);
    const step = second.first();
    expect(step.kind === 'ask' && Buffer.from(step.request).toString()).toMatch(/Digest .*nc=00000002/);
    // A restarted proxy does not know the nonce: that is no wrong password.
    expect(words(second.next(head(407, 'Digest realm="r", nonce="n2", qop="auth"')))).toBe('Digest');
    expect(words(second.next(head(407, 'Digest realm="r", nonce="n3", qop="auth"')))).toContain('proxy-auth-refused');
  });

  it('goes to another method where the remembered one is gone', () => {
    const talk = dialogue('any', { method: 'ntlm', digest: null });
    expect(words(talk.first())).toBe('NTLM');
    expect(words(talk.next(head(407, 'Basic realm="x"')))).toBe('Basic');
    expect(words(talk.next(head(200)))).toBe('tunnel');
  });
});

it('whatever a proxy answers, a dialogue ends soon, and never tells the password where Basic is not wanted', () => {
  const offer = fc.constantFrom(
    'NTLM',
    ntlmChallenge,
    digest,
    `${digest}, stale=true`,
    'Basic realm="x"',
    'Negotiate',
    'x',
  );
  const answer = fc
    .tuple(fc.constantFrom(407, 407, 407, 407, 200, 302, 500), fc.array(offer, { maxLength: 3 }))
    .map(([status, offered]) => head(status, ...offered));
  const method = fc.constantFrom('basic' as const, 'digest' as const, 'ntlm' as const, null);
  const auth = fc.constantFrom<ProxyAuth>('none', 'basic', 'digest', 'ntlm', 'any');
  fc.assert(
    fc.property(auth, method, fc.array(answer, { minLength: 12, maxLength: 12 }), (wanted, remembered, answers) => {
      const talk = dialogue(wanted, { method: wanted === 'any' ? remembered : null, digest: null });
      let step = talk.first();
      let asked = 0;
      for (const each of answers) {
        if (step.kind !== 'ask') break;
        asked += 1;
        const text = Buffer.from(step.request).toString('latin1');
        const told = text.includes(Buffer.from(`${login.user}:${password}`).toString('base64'));
        expect(text).not.toContain(password);
        if (wanted !== 'basic' && wanted !== 'any') expect(told).toBe(false);
        step = talk.next(each);
        if (step.kind === 'failed') expect(JSON.stringify(step)).not.toContain(password);
      }
      expect(step.kind).not.toBe('ask');
      expect(asked).toBeLessThanOrEqual(7);
    }),
  );
});
