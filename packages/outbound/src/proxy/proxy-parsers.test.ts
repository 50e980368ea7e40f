import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bodyFraming, chunkedEnd, keepsConnection } from './answer-body.ts';
import { type AnswerHead, longestHead, readHead } from './answer-head.ts';
import { authChallenges } from './auth-challenge.ts';
import { chooseMethod, offeredNames } from './choose-method.ts';
import { bestDigest, digestChallenge, digestCredentials } from './digest.ts';
import { parseProxyUrl } from './proxy-url.ts';

const bytes = (text: string) => Uint8Array.from(Buffer.from(text, 'latin1'));
const headOf = (text: string): AnswerHead => {
  const reading = readHead(bytes(text));
  if (reading.kind !== 'head') throw new Error(reading.kind);
  return reading.head;
};
const offers = (...values: string[]) =>
  authChallenges({
    status: 407,
    version: '1.1',
    fields: values.map((value) => ['proxy-authenticate', value] as const),
  });

describe('the head of an answer', () => {
  it('is read up to its body', () => {
    const text = 'HTTP/1.0 407 Proxy Authentication Required\r\nServer: squid\r\nX: a\r\n b\nY:\r\n\r\nbody';
    const reading = readHead(bytes(text));
    expect(reading).toMatchObject({ kind: 'head', bodyAt: text.length - 4 });
    expect(headOf(text)).toEqual({
      status: 407,
      version: '1.0',
      fields: [
        ['server', 'squid'],
        ['x', 'a b'],
        ['y', ''],
      ],
    });
  });

  it.each([
    ['', 'partial'],
    ['HTT', 'partial'],
    ['HTTP/1.1 200', 'partial'],
    ['HTTP/1.1 200 OK\r\n', 'partial'],
    ['HTTP/1.1 200 OK\r\nA: b\r\n', 'partial'],
    ['SSH-2.0-x\r\n', 'not-http'],
    ['HTTP/2 200\r\n\r\n', 'not-http'],
    ['HTTP/1.1 99 x\r\n\r\n', 'not-http'],
    ['HTTP/1.1 2000 x\r\n\r\n', 'not-http'],
    ['HTTP/1.1 200 OK\r\nno field\r\n\r\n', 'not-http'],
    ['\u0015\u0003\u0001', 'not-http'],
    [`HTTP/1.1 200 OK\r\nA: ${'x'.repeat(longestHead)}`, 'too-long'],
  ])('%j is %s', (text, kind) => {
    expect(readHead(bytes(text)).kind).toBe(kind);
  });
});

describe('the body of a refusal', () => {
  it.each([
    ['Content-Length: 12', { kind: 'length', bytes: 12 }],
    ['Content-Length: 12\r\nContent-Length: 12', { kind: 'length', bytes: 12 }],
    ['Content-Length: 12\r\nContent-Length: 13', { kind: 'until-close' }],
    ['Content-Length: -1', { kind: 'until-close' }],
    ['Transfer-Encoding: chunked\r\nContent-Length: 1', { kind: 'chunked' }],
    ['Transfer-Encoding: gzip, chunked', { kind: 'until-close' }],
    ['A: b', { kind: 'until-close' }],
  ])('%s', (fields, framing) => {
    expect(bodyFraming(headOf(`HTTP/1.1 407 x\r\n${fields}\r\n\r\n`))).toEqual(framing);
  });

  it.each([
    ['3\r\nabc\r\n0\r\n\r\n', 13],
    ['3;x=y\r\nabc\r\n0\r\nA: b\r\n\r\nrest', 23],
    ['3\r\nab', null],
    ['3\r\nabc\r\n', null],
    ['0\r\nA: b', null],
    ['x\r\n', -1],
    ['ffffffffff\r\n', -1],
  ])('in chunks: %j ends at %s', (text, end) => {
    expect(chunkedEnd(bytes(text))).toBe(end);
  });

  it.each([
    ['1.1', 'A: b', true],
    ['1.1', 'Connection: close', false],
    ['1.1', 'Proxy-Connection: Close', false],
    ['1.0', 'A: b', false],
    ['1.0', 'Connection: x, Keep-Alive', true],
  ])('HTTP/%s with %s keeps the connection: %s', (version, field, keeps) => {
    expect(keepsConnection(headOf(`HTTP/${version} 407 x\r\n${field}\r\n\r\n`))).toBe(keeps);
  });
});

describe('what a proxy offers', () => {
  it('may be in one field or several', () => {
    const list = offers(
      'Negotiate, NTLM TlRMTVNTUAACAAAA, Basic realm="a, \\"b\\"", Digest realm="r", nonce = n1,qop="auth,auth-int"',
      'Basic',
    );
    expect(list.map(({ scheme, token, params }) => [scheme, token, Object.fromEntries(params)])).toEqual([
      ['negotiate', null, {}],
      ['ntlm', 'TlRMTVNTUAACAAAA', {}],
      ['basic', null, { realm: 'a, "b"' }],
      ['digest', null, { realm: 'r', nonce: 'n1', qop: 'auth,auth-int' }],
      ['basic', null, {}],
    ]);
  });

  const login = { user: 'ada', password: { reveal: () => 'x' } as never };
  const proxy = { host: 'p', port: 1, tls: false, login } as const;
  const all = offers('Basic realm="x"', 'Digest realm="x", nonce="n", algorithm=SHA-256', 'NTLM', 'Negotiate');

  it.each([
    ['any', 'ntlm'],
    ['ntlm', 'ntlm'],
    ['digest', 'digest'],
    ['basic', 'basic'],
    ['none', null],
  ] as const)('configured as %s it is %s', (auth, method) => {
    expect(chooseMethod({ ...proxy, auth }, all)).toBe(method);
  });

  it('never is Basic where something stronger is wanted, nor with a colon in the user', () => {
    expect(chooseMethod({ ...proxy, auth: 'ntlm' }, offers('Basic realm="x"'))).toBeNull();
    expect(chooseMethod({ ...proxy, auth: 'digest' }, offers('Basic realm="x"', 'NTLM'))).toBeNull();
    const colon = { ...login, user: 'a:b' };
    expect(chooseMethod({ ...proxy, auth: 'any', login: colon }, offers('Basic realm="x"'))).toBeNull();
    expect(chooseMethod({ ...proxy, auth: 'any' }, offers('Digest nonce="n", algorithm=SHA-512-256'))).toBeNull();
    expect(chooseMethod({ ...proxy, auth: 'any' }, offers('Digest nonce="n", qop="auth-int"'))).toBeNull();
  });

  it('is named in messages without what could harm a terminal', () => {
    expect(offeredNames(all)).toBe('Basic, Digest SHA-256, NTLM, Negotiate');
    expect(offeredNames(offers('~*!|^ x', '__proto__'))).toBe('~*!|^'.replaceAll(/./g, '?') + ', ??proto??');
    expect(offeredNames([])).toBe('nothing');
  });
});

describe('Digest', () => {
  const login = { user: 'Mufasa', password: { reveal: () => 'Circle of Life' } as never };
  const use = {
    method: 'GET',
    uri: '/dir/index.html',
    count: 1,
    cnonce: 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ',
  };
  const both = offers(
    'Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=MD5, nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"',
    'Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=SHA-256, nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"',
  );

  it.each([
    [0, '8ca523f5e9506fed4657c9700eebdbec'],
    [1, '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1'],
  ])('answers as RFC 7616 section 3.9.1 has it (%i)', (index, response) => {
    const challenge = digestChallenge(both[index] ?? { scheme: '', token: null, params: new Map() });
    if (challenge === null) throw new Error('no challenge');
    const credentials = digestCredentials(challenge, login, use);
    expect(credentials).toContain(`response="${response}"`);
    expect(credentials).toContain('nc=00000001');
    expect(credentials).not.toContain('Circle');
  });

  it('takes the strongest hash, knows sessions, and the old form without qop', () => {
    expect(bestDigest(both)?.hash).toBe('sha-256');
    const [session] = offers('Digest realm="r", nonce="n", algorithm=md5-sess, qop="auth", stale=TRUE');
    expect(session && digestChallenge(session)).toMatchObject({ session: true, hash: 'md5', stale: true });
    const [old] = offers('Digest realm="r", nonce="n"');
    const challenge = old && digestChallenge(old);
    expect(challenge && digestCredentials(challenge, login, use)).not.toMatch(/qop|nc=|cnonce/);
  });

  it('can not be made to write a second line or leave its quotes', () => {
    const [evil] = offers('Digest realm="a\\"b\\\\", nonce="n"');
    const challenge = evil && digestChallenge(evil);
    expect(challenge && digestCredentials(challenge, login, use)).toContain('realm="a\\"b\\\\"');
  });
});

describe("a proxy's URL", () => {
  const read = (text: string) => {
    const parsed = parseProxyUrl(text);
    if (!parsed.ok) return parsed.error;
    const { host, port, tls, login } = parsed.value;
    return [host, port, tls, login && `${login.user} ${login.password.reveal()}`];
  };
  it.each([
    ['http://proxy.example:3128', ['proxy.example', 3128, false, null]],
    ['proxy.example:3128/', ['proxy.example', 3128, false, null]],
    ['http://10.0.0.1', ['10.0.0.1', 1080, false, null]],
    ['https://Proxy.Example', ['proxy.example', 443, true, null]],
    ['http://[fd00::1]:8080', ['fd00::1', 8080, false, null]],
    ['http://ada:s%40cret@proxy:1', ['proxy', 1, false, 'ada s@cret']],
    ['http://CORP%5Cada:p@ss@proxy:1', ['proxy', 1, false, 'CORP\\ada p@ss']],
    ['http://ada@proxy:1', ['proxy', 1, false, 'ada ']],
    ['http://:x@proxy:1', ['proxy', 1, false, null]],
  ])('%s', (text, expected) => {
    expect(read(text)).toEqual(expected);
  });

  it.each(['socks4://h:1', 'socks4a://h', 'socks5://ada:secret@h:1', 'socks5h://h', 'SOCKS5://h'])(
    '%s is refused by its name',
    (text) => {
      const said = String(read(text));
      expect(said).toContain(`SOCKS is not supported (${text.split(':')[0]?.toLowerCase()}://)`);
      expect(said).not.toContain('secret');
    },
  );

  it.each([
    'ftp://h:1',
    'http://',
    'http://h:0',
    'http://h:65536',
    'http://h:x',
    'http://a b:1',
    'http://[::1',
    'http://1.2.3:1',
    'http://h%0d:1',
    'http://a:%zz-secret@h:1',
    'http://a:%0a-secret@h:1',
  ])('%s is refused, without its password', (text) => {
    const parsed = parseProxyUrl(text);
    expect(parsed.ok).toBe(false);
    expect(JSON.stringify(parsed)).not.toContain('secret');
  });
});

describe('every parser of what a proxy says', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc
      .array(
        fc.constantFrom(
          'HTTP/1.',
          '1 407 x',
          '\r\n',
          '\n',
          'Proxy-Authenticate: ',
          'Digest ',
          'NTLM ',
          'nonce="',
          '"',
          '\\',
          ',',
          '=',
          ' ',
          'algorithm=MD5-sess',
          'Content-Length: 5',
          '0',
          'f;',
          '\0',
        ),
        { maxLength: 30 },
      )
      .map((parts) => parts.join('')),
  );

  it('takes whatever the bytes are', () => {
    fc.assert(
      fc.property(text, (input) => {
        const raw = bytes(input);
        for (const each of [raw, bytes(`HTTP/1.1 407 x\r\n${input}\r\n\r\n`)]) {
          const reading = readHead(each);
          if (reading.kind !== 'head') continue;
          keepsConnection(reading.head);
          bodyFraming(reading.head);
          offeredNames(authChallenges(reading.head));
        }
        chunkedEnd(raw);
        parseProxyUrl(input);
      }),
    );
  });

  it('and no answer is made of it that holds a line break', () => {
    const login = { user: 'ada', password: { reveal: () => 'x' } as never };
    const use = { method: 'CONNECT', uri: 'h:1', count: 1, cnonce: 'c' };
    fc.assert(
      fc.property(text, (input) => {
        for (const each of offers(`Digest nonce="n", realm="${input}", opaque=${input}`, input)) {
          const challenge = digestChallenge(each);
          if (challenge === null) continue;
          const credentials = digestCredentials(challenge, login, use);
          if (!/[\r\n]/.test(input)) expect(credentials).not.toMatch(/[\r\n]/);
        }
      }),
    );
  });
});
