import { ownValue } from '@picket/base/own-value';
import { bitLength } from '../key-exchange.ts';
import { bitStringBytes, decodeDer, decodeDerList, decodeOid, tags } from './der.ts';
import { curves, fixedKeyBits, keyNames } from './object-identifiers.ts';

export interface PublicKeyFacts {
  /** `rsa`, `ec`, `ed25519`, …, or the dotted identifier of an algorithm that is not known. */
  readonly type: string;
  /** Size of modulus, prime or field; 0 when it cannot be told. */
  readonly bits: number;
  readonly curve: string | null;
}

/** Facts of a SubjectPublicKeyInfo (RFC 5280 section 4.1.2.7, RFC 3279 section 2.3). Total. */
export function decodePublicKey(content: Uint8Array): PublicKeyFacts {
  const [algorithm, key] = decodeDerList(content);
  const [oid, parameters] = decodeDerList(algorithm?.content ?? new Uint8Array(0));
  const dotted = oid?.tag === tags.oid ? decodeOid(oid.content) : '';
  const type = ownValue(keyNames, dotted) ?? (dotted === '' ? 'unknown' : dotted);
  const bytes = bitStringBytes(key?.content ?? new Uint8Array(0));
  if (type === 'rsa' || type === 'rsa-pss') return { type, bits: firstIntegerBits(bytes), curve: null };
  if (type === 'dsa' || type === 'dh') return { type, bits: integerBits(parameters?.content), curve: null };
  if (type !== 'ec') return { type, bits: ownValue(fixedKeyBits, type) ?? 0, curve: null };
  const named = parameters?.tag === tags.oid ? decodeOid(parameters.content) : '';
  const known = ownValue(curves, named);
  if (known) return { type, bits: known[1], curve: known[0] };
  // Explicit parameters: an uncompressed point is 04, then two coordinates of the field's size.
  return { type, bits: bytes[0] === 4 ? ((bytes.length - 1) / 2) * 8 : 0, curve: named === '' ? null : named };
}

/** Bits of the modulus: the first INTEGER of an RSAPublicKey. */
function firstIntegerBits(bytes: Uint8Array): number {
  const sequence = decodeDer(bytes);
  return sequence?.tag === tags.sequence ? integerBits(sequence.content) : 0;
}

function integerBits(content: Uint8Array | undefined): number {
  const first = content === undefined ? null : decodeDer(content);
  return first?.tag === tags.integer ? bitLength(first.content) : 0;
}
