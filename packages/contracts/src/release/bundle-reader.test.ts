import { createHash, createPrivateKey, sign } from 'node:crypto';
import { verifierOf } from '@picket/base/adapters/ed25519';
import { runningSha256 } from '@picket/base/adapters/running-hash';
import { assert, integer, property, uint8Array } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeBundleHead } from './bundle-header.ts';
import { BundleReader } from './bundle-reader.ts';
import { parseReleaseManifest, pathFault } from './release-manifest.ts';
import { newReleaseKey, sha256Of, type TestFiles, testBundle, testManifest } from './testing/test-bundle.ts';

const text = new TextEncoder();
const key = newReleaseKey();
const other = newReleaseKey();
const trust = (keyId: string) => (keyId === key.keyId ? verifierOf(key.publicKey) : null);
const deps = { trust, newHash: runningSha256 };
const bundleOf = (files: TestFiles, change: object = {}, by: Pick<typeof key, 'keyId' | 'sign'> = key) =>
  testBundle(files, by, change);

function read(bytes: Uint8Array, chunk = bytes.length) {
  const reader = new BundleReader(deps);
  const files: Record<string, string> = {};
  let data: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += chunk) {
    const pieces = reader.push(bytes.subarray(at, at + chunk));
    if (!pieces.ok) return { fault: reader.end().ok ? null : pieces.error.code, files };
    for (const piece of pieces.value) {
      if (piece.kind === 'file') data = [];
      if (piece.kind === 'data') data.push(piece.bytes);
      if (piece.kind === 'file-end') files[piece.file.path] = Buffer.concat(data).toString();
    }
  }
  const end = reader.end();
  return { fault: end.ok ? null : end.error.code, files };
}

const files = {
  'a/empty': new Uint8Array(),
  'a/one': text.encode('one'),
  two: text.encode('two two'),
  zero: new Uint8Array(),
};
const whole = { 'a/empty': '', 'a/one': 'one', two: 'two two', zero: '' };

describe('a bundle', () => {
  it('has the bytes of the format', () => {
    // A fixed key (RFC 8032 section 7.1, test 1) signs a fixed manifest: every byte is known.
    const seed = '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60';
    const der = Buffer.from(`302e020100300506032b657004220420${seed}`, 'hex');
    const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
    const raw = 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a';
    const keyId = createHash('sha256').update(Buffer.from(raw, 'hex')).digest('base64url');
    const head = encodeBundleHead(text.encode('{}'), {
      keyId,
      sign: (bytes) => new Uint8Array(sign(null, bytes, privateKey)),
    });
    expect(Buffer.from(head).toString('hex')).toBe(
      [
        '504b5452454c310a', // PKTREL1\n
        '21fe31dfa154a261626bf854046fd2271b7bed4b6abe45aa58877ef47f9721b9', // key id
        Buffer.from(sign(null, Buffer.from('{}'), privateKey)).toString('hex'), // Ed25519 is deterministic
        '00000002', // length
        '7b7d', // {}
      ].join(''),
    );
  });

  it('gives back every file, however its bytes are cut', () => {
    const bytes = bundleOf(files);
    for (const chunk of [1, 2, 7, 107, 108, 109, 1000, bytes.length])
      expect(read(bytes, chunk), `${chunk}`).toEqual({ fault: null, files: whole });
  });

  it('is refused when a key signed it that is not trusted, whatever it holds', () => {
    expect(read(bundleOf(files, {}, other)).fault).toBe('bundle.key-unknown');
    const foreign = { keyId: key.keyId, sign: other.sign };
    expect(read(bundleOf(files, {}, foreign)).fault).toBe('bundle.signature-invalid');
  });

  it('is refused when it is cut off anywhere', () => {
    const bytes = bundleOf(files);
    for (let length = 0; length < bytes.length; length += 1)
      expect(read(bytes.subarray(0, length)).fault, `${length}`).not.toBeNull();
  });

  it('is refused with anything after its last file', () => {
    expect(read(Buffer.concat([bundleOf(files), Buffer.from('x')])).fault).toBe('bundle.too-long');
  });

  it('is refused after a change of any one byte', () => {
    const bytes = bundleOf(files);
    assert(
      property(integer({ min: 0, max: bytes.length - 1 }), integer({ min: 1, max: 255 }), (at, flip) => {
        const changed = Uint8Array.from(bytes);
        changed[at] = (changed[at] ?? 0) ^ flip;
        expect(read(changed, 50).fault).not.toBeNull();
      }),
    );
  });

  it('is never made of noise, and noise never throws', () => {
    assert(
      property(uint8Array({ maxLength: 400 }), integer({ min: 1, max: 60 }), (noise, chunk) => {
        expect(read(noise, chunk).fault).not.toBeNull();
        expect(read(Buffer.concat([bundleOf(files).subarray(0, 104), noise]), chunk).fault).not.toBeNull();
      }),
    );
  });
});

describe('a manifest', () => {
  const one = text.encode('1');
  const fault = (given: TestFiles, change: object = {}) => {
    const parsed = parseReleaseManifest(testManifest(given, change));
    return parsed.ok ? null : parsed.error;
  };

  it.each([
    '/etc/passwd',
    '../up',
    'a/../b',
    'a//b',
    './a',
    'a/.',
    'a\\b',
    'a\u0000b',
    'é',
    ' a',
    'a /b',
    '',
    'x'.repeat(241),
  ])('is refused with the path %j', (path) => {
    expect(pathFault(path)).not.toBeNull();
    expect(fault({ [path]: one })).not.toBeNull();
  });

  it('may hold the paths of packages', () => {
    for (const path of ['node_modules/@picket/base/a b.ts', 'a/b-c_d.e+f', '.hidden', '...'])
      expect(pathFault(path)).toBeNull();
  });

  it('is refused when a path is there twice or is a folder too', () => {
    const file = { path: 'a', size: 1, sha256: sha256Of(one), executable: false };
    expect(fault({}, { files: [file, file] })).toContain('twice');
    expect(fault({ 'a/b/c': one, 'a/b': one })).toContain('both a file and a folder');
  });

  it('is refused with a version that is none of its kind, no files, or more bytes than a bundle may have', () => {
    expect(fault({ a: one }, { version: '0.2.0' })).toContain('no version of content');
    expect(fault({ a: one }, { kind: 'software', version: '0.2' })).toContain('no version of software');
    expect(fault({ a: one }, { kind: 'software', version: '0.2.0' })).toBeNull();
    expect(fault({}, { files: [] })).not.toBeNull();
    const large = { size: 268_435_456, sha256: sha256Of(one), executable: false };
    expect(fault({}, { files: ['a', 'b', 'c'].map((path) => ({ path, ...large })) })).toContain('larger');
  });
});
