import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DigestChallenge, digestAnswer, parseDigestChallenge } from './http-digest.ts';

const request = {
  username: 'Mufasa',
  password: 'Circle of Life',
  method: 'GET',
  uri: '/dir/index.html',
  clientNonce: 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ',
  count: 1,
};
/** RFC 7616 section 3.9.1. */
const nonce = '7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v';
const fields = `realm="http-auth@example.org", qop="auth, auth-int", nonce="${nonce}", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"`;

function challenge(field: string): DigestChallenge {
  const parsed = parseDigestChallenge(field);
  if (parsed === null) throw new Error('no challenge');
  return parsed;
}

describe('HTTP Digest authentication', () => {
  it('answers the challenges of RFC 7616 section 3.9.1', () => {
    const md5 = digestAnswer(challenge(`Digest ${fields}, algorithm=MD5`), request);
    expect(md5).toContain('response="8ca523f5e9506fed4657c9700eebdbec"');
    const sha256 = digestAnswer(challenge(`Digest ${fields}, algorithm=SHA-256`), request);
    expect(sha256).toContain('response="753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"');
    expect(sha256).toContain('nc=00000001');
  });

  it('answers the older form of RFC 2617 section 3.5', () => {
    const field =
      'Digest realm="testrealm@host.com", qop="auth,auth-int", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", opaque="5ccc069c403ebaf9f0171e9517f40e41"';
    const answer = digestAnswer(challenge(field), { ...request, password: 'Circle Of Life', clientNonce: '0a4f113b' });
    expect(answer).toContain('response="6629fae49393a05397450978507c4ef1"');
  });

  it('finds the challenge among others', () => {
    expect(parseDigestChallenge('Basic realm="a", Digest realm="b", nonce="c"')).toMatchObject({
      realm: 'b',
      qop: null,
    });
  });

  it.each([
    '',
    'Basic realm="a"',
    'Digest realm="a"',
    'Digest nonce="a", algorithm=SHA-512',
    'Digest nonce="a", qop="auth-int"',
  ])('does not answer %j', (field) => expect(parseDigestChallenge(field)).toBeNull());

  it('takes anything, and lets nothing add a line to the answer', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (noise, word) => {
        parseDigestChallenge(noise);
        const parsed = parseDigestChallenge(`Digest realm="${noise}", nonce="${word}"`);
        if (parsed) expect(digestAnswer(parsed, { ...request, username: noise })).not.toMatch(/[\r\n]/);
      }),
    );
  });
});
