import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign as signBytes,
  verify as verifyBytes,
} from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  claimedKeyId,
  contentDigest,
  type HeaderLookup,
  requestTag,
  type SignableRequest,
  signAnswer,
  signRequest,
  verifyAnswer,
  verifyRequest,
} from './http-signature.ts';

const crypto = { sha256: (bytes: Uint8Array) => new Uint8Array(createHash('sha256').update(bytes).digest()) };
const bytes = (text: string) => new TextEncoder().encode(text);

/** `test-key-ed25519` of RFC 9421 appendix B.1.4. */
const rfcKey = createPrivateKey(`-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIJ+DYvh6SEqVTm50DFtMDoQikTmiCqirVv9mWG9qfSnF
-----END PRIVATE KEY-----`);
const rfcSign = (data: Uint8Array) => new Uint8Array(signBytes(null, data, rfcKey));
const rfcVerify = (data: Uint8Array, signature: Uint8Array) =>
  verifyBytes(null, data, createPublicKey(rfcKey), signature);

const request: SignableRequest = {
  method: 'POST',
  path: '/appliance/v1/events',
  query: 'stream=a&first=1',
  body: bytes('{"hello": "world"}\n'),
  headers: { 'picket-level': '1', 'picket-instance': 'i', 'picket-sequence': '7' },
};
const params = { created: 1_618_884_473, keyId: 'test-key-ed25519' };

function lookup(fields: Record<string, string>): HeaderLookup {
  return (name) => fields[name];
}

function signed(changes: Partial<SignableRequest> = {}) {
  const message = { ...request, ...changes };
  const fields = { ...message.headers, ...signRequest(message, params, rfcSign, crypto) };
  return { message, fields };
}

describe('the primitives', () => {
  it('agree with the Ed25519 example of RFC 9421 appendix B.2.6', () => {
    const base = [
      '"date": Tue, 20 Apr 2021 02:07:55 GMT',
      '"@method": POST',
      '"@path": /foo',
      '"@authority": example.com',
      '"content-type": application/json',
      '"content-length": 18',
      '"@signature-params": ("date" "@method" "@path" "@authority" "content-type" "content-length");created=1618884473;keyid="test-key-ed25519"',
    ].join('\n');
    expect(Buffer.from(rfcSign(bytes(base))).toString('base64')).toBe(
      'wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==',
    );
  });

  it('agree with the digest example of RFC 9530 appendix D', () => {
    expect(contentDigest(bytes('{"hello": "world"}\n'), crypto)).toBe(
      'sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:',
    );
  });
});

describe('a signed request', () => {
  it('has the signature base of RFC 9421 section 2.5, written out', () => {
    const { fields } = signed();
    const components =
      '("@method" "@path" "@query" "content-digest" "picket-level" "picket-instance" "picket-sequence")';
    const input = `${components};created=1618884473;keyid="test-key-ed25519";alg="ed25519";tag="${requestTag}"`;
    expect(fields['signature-input']).toBe(`sig=${input}`);
    const base = [
      '"@method": POST',
      '"@path": /appliance/v1/events',
      '"@query": ?stream=a&first=1',
      '"content-digest": sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:',
      '"picket-level": 1',
      '"picket-instance": i',
      '"picket-sequence": 7',
      `"@signature-params": ${input}`,
    ].join('\n');
    expect(fields['signature']).toBe(`sig=:${Buffer.from(rfcSign(bytes(base))).toString('base64')}:`);
  });

  it('has an empty query as a lone question mark (RFC 9421 section 2.2.7) and verifies', () => {
    const { message, fields } = signed({ query: '', body: new Uint8Array() });
    expect(verifyRequest(message, lookup(fields), rfcVerify, crypto)).toBeNull();
    expect(claimedKeyId(lookup(fields))).toBe('test-key-ed25519');
  });

  it.each([
    ['method', { method: 'GET' }],
    ['path', { path: '/appliance/v1/poll' }],
    ['query', { query: 'stream=a&first=2' }],
  ])('is refused when its %s was changed', (_, change) => {
    const { message, fields } = signed();
    expect(verifyRequest({ ...message, ...change }, lookup(fields), rfcVerify, crypto)).toEqual({ kind: 'signature' });
  });

  it('is refused when its body was changed, and when body and digest were', () => {
    const { message, fields } = signed();
    const body = bytes('{}');
    expect(verifyRequest({ ...message, body }, lookup(fields), rfcVerify, crypto)).toEqual({ kind: 'digest' });
    const adjusted = { ...fields, 'content-digest': contentDigest(body, crypto) };
    expect(verifyRequest({ ...message, body }, lookup(adjusted), rfcVerify, crypto)).toEqual({ kind: 'signature' });
  });

  it.each(['picket-level', 'picket-instance', 'picket-sequence'])(
    'is refused when %s was changed or left out',
    (name) => {
      const { message, fields } = signed();
      expect(verifyRequest(message, lookup({ ...fields, [name]: '8' }), rfcVerify, crypto)).toEqual({
        kind: 'signature',
      });
      const { [name]: _, ...less } = fields as Record<string, string>;
      expect(verifyRequest(message, lookup(less), rfcVerify, crypto)).toEqual({ kind: 'missing', what: name });
    },
  );

  it.each(['content-digest', 'signature-input', 'signature'])('is refused without %s', (name) => {
    const { message, fields } = signed();
    const { [name]: _, ...less } = fields as Record<string, string>;
    expect(verifyRequest(message, lookup(less), rfcVerify, crypto)).toEqual({ kind: 'missing', what: name });
  });

  it('is refused with another list of components, another tag, or parameters in another order', () => {
    const { message, fields } = signed();
    const input = fields['signature-input'] ?? '';
    for (const other of [
      input.replace(' "picket-sequence"', ''),
      input.replace(requestTag, 'picket-platform'),
      input.replace('"@path" "@query"', '"@query" "@path"'),
      input.replace(/;created=[0-9]+/, ''),
      `${input}, other=()`,
    ]) {
      expect(verifyRequest(message, lookup({ ...fields, 'signature-input': other }), rfcVerify, crypto)).toEqual({
        kind: 'malformed',
        what: 'signature-input',
      });
    }
  });

  it('is refused under another key', () => {
    const { message, fields } = signed();
    const other = generateKeyPairSync('ed25519').publicKey;
    const verify = (data: Uint8Array, signature: Uint8Array) => verifyBytes(null, data, other, signature);
    expect(verifyRequest(message, lookup(fields), verify, crypto)).toEqual({ kind: 'signature' });
  });

  it('verifies whatever it carries, and no header field makes the verifier throw', () => {
    const field = fc.string({ maxLength: 200 });
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 500 }), field, field, field, (body, input, signature, digest) => {
        const { message, fields } = signed({ body });
        expect(verifyRequest(message, lookup(fields), rfcVerify, crypto)).toBeNull();
        const hostile = { ...fields, 'signature-input': input, signature, 'content-digest': digest };
        expect(verifyRequest(message, lookup(hostile), rfcVerify, crypto)).not.toBeNull();
      }),
      { numRuns: 40 },
    );
  });
});

describe('a signed answer', () => {
  const answer = { status: 200, body: bytes('{"next":3}') };
  const { fields: requestFields } = signed();
  const requestSignature = requestFields['signature'] ?? '';

  it('verifies as the answer to its request', () => {
    const fields = signAnswer(answer, requestSignature, params, rfcSign, crypto);
    expect(fields['signature-input']).toContain('"@status" "content-digest" "signature";req');
    expect(verifyAnswer(answer, lookup(fields), requestSignature, rfcVerify, crypto)).toBeNull();
  });

  it('is refused for another request, status or body', () => {
    const fields = lookup(signAnswer(answer, requestSignature, params, rfcSign, crypto));
    const other = signed({ query: 'other' }).fields['signature'] ?? '';
    expect(verifyAnswer(answer, fields, other, rfcVerify, crypto)).toEqual({ kind: 'signature' });
    expect(verifyAnswer({ ...answer, status: 201 }, fields, requestSignature, rfcVerify, crypto)).toEqual({
      kind: 'signature',
    });
    expect(verifyAnswer({ ...answer, body: bytes('x') }, fields, requestSignature, rfcVerify, crypto)).toEqual({
      kind: 'digest',
    });
  });

  it('does not pass as a request, nor a request as an answer', () => {
    const fields = signAnswer({ status: 200, body: request.body }, requestSignature, params, rfcSign, crypto);
    expect(verifyRequest(request, lookup({ ...request.headers, ...fields }), rfcVerify, crypto)).toMatchObject({
      kind: 'malformed',
    });
    expect(
      verifyAnswer({ status: 200, body: request.body }, lookup(requestFields), requestSignature, rfcVerify, crypto),
    ).toMatchObject({ kind: 'malformed' });
  });
});
