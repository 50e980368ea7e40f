import { ownValue } from '@picket/base/own-value';
import { createCipheriv, createHmac } from 'node:crypto';
import { fromBytes, toBytes, toText } from '../byte-string.ts';
import { type DslFunction, ofTexts } from './function.ts';
import { DslFault, type DslValue, numberOf, textOf } from './value.ts';

function algorithm(key: string, mode: 'cbc' | 'gcm'): string {
  if (![16, 24, 32].includes(key.length)) throw new DslFault('an AES key has 16, 24 or 32 bytes');
  return `aes-${key.length * 8}-${mode}`;
}

/** AES in GCM (NIST SP 800-38D): nonce, ciphertext and tag in one. */
function aesGcm(key: string, plain: string, nonce: Uint8Array): string {
  const name = algorithm(key, 'gcm');
  if (name !== 'aes-128-gcm' && name !== 'aes-192-gcm' && name !== 'aes-256-gcm') throw new DslFault('no such cipher');
  const cipher = createCipheriv(name, toBytes(key), nonce);
  return [nonce, cipher.update(toBytes(plain)), cipher.final(), cipher.getAuthTag()].map(fromBytes).join('');
}

function aesCbc(plain: string, key: string, start: string): string {
  if (start.length !== 16) throw new DslFault('the start value of AES has 16 bytes');
  const cipher = createCipheriv(algorithm(key, 'cbc'), toBytes(key), toBytes(start));
  return fromBytes(cipher.update(toBytes(plain))) + fromBytes(cipher.final());
}

const hashes: Readonly<Record<string, string>> = { HS256: 'sha256', HS384: 'sha384', HS512: 'sha512' };
const base64url = (text: string | Uint8Array) => Buffer.from(text).toString('base64url');

/** A signed token (RFC 7519) of a JSON object: keys are sorted, as Go writes maps. Only symmetric algorithms and `none`. */
function jwt([json, name, secret, end]: readonly DslValue[]): string {
  const wanted = textOf(name ?? '').toUpperCase();
  const hash = ownValue(hashes, wanted);
  if (hash === undefined && wanted !== '' && wanted !== 'NONE')
    throw new DslFault(`the algorithm "${wanted.slice(0, 20)}" is not supported`);
  const claims = claimsOf(textOf(json ?? ''));
  const all = end === undefined ? claims : { ...claims, exp: numberOf(end) };
  const sorted = Object.fromEntries(Object.entries(all).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
  const head = base64url(`{"alg":"${hash === undefined ? 'none' : wanted}","typ":"JWT"}`);
  const signed = `${head}.${base64url(JSON.stringify(sorted))}`;
  const key = toBytes(textOf(secret ?? ''));
  return `${signed}.${hash === undefined ? '' : base64url(createHmac(hash, key).update(signed).digest())}`;
}

function claimsOf(json: string): object {
  try {
    const value: unknown = JSON.parse(toText(json));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch {
    // Said below.
  }
  throw new DslFault('the claims are no JSON object');
}

/** Functions that encrypt and sign. */
export const cipherFunctions: Readonly<Record<string, DslFunction>> = {
  aes_gcm: {
    least: 2,
    most: 2,
    run: ([key, plain], ambient) => aesGcm(textOf(key ?? ''), textOf(plain ?? ''), ambient.random.bytes(12)),
  },
  aes_cbc: ofTexts(3, 3, (plain, key, start) => aesCbc(plain ?? '', key ?? '', start ?? '')),
  generate_jwt: { least: 2, most: 4, run: jwt },
};
