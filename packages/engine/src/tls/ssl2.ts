import type { Random } from '@picket/base/random';
import { be16, concat, u16be } from '../services/bytes.ts';

/** Cipher kinds of SSL 2.0 (draft-hickman-netscape-ssl-00, section "Cipher Kind"): three bytes each. */
const kinds: readonly (readonly [number, string])[] = [
  [0x010080, 'SSL_CK_RC4_128_WITH_MD5'],
  [0x020080, 'SSL_CK_RC4_128_EXPORT40_WITH_MD5'],
  [0x030080, 'SSL_CK_RC2_128_CBC_WITH_MD5'],
  [0x040080, 'SSL_CK_RC2_128_CBC_EXPORT40_WITH_MD5'],
  [0x050080, 'SSL_CK_IDEA_128_CBC_WITH_MD5'],
  [0x060040, 'SSL_CK_DES_64_CBC_WITH_MD5'],
  [0x0700c0, 'SSL_CK_DES_192_EDE3_CBC_WITH_MD5'],
];

const names = new Map(kinds);

/** An SSL 2.0 CLIENT-HELLO with every cipher kind: record header of two bytes, message type 1. */
export function ssl2ClientHello(random: Random): Uint8Array {
  const specs = kinds.flatMap(([code]) => [code >> 16, (code >> 8) & 255, code & 255]);
  const message = concat(
    Uint8Array.of(1, 0, 2),
    be16(specs.length),
    be16(0),
    be16(16),
    Uint8Array.from(specs),
    random.bytes(16),
  );
  return concat(be16(0x8000 | message.length), message);
}

export interface Ssl2Hello {
  /** Names of the cipher kinds that the server offers. */
  readonly ciphers: readonly string[];
  readonly certificate: Uint8Array | null;
}

/**
 * Reads an SSL 2.0 SERVER-HELLO (type 4): `wait` while more bytes may make one, null when it is none. Total. In SSL 2.0 the client
 * chooses, so the list is all that the server accepts.
 */
export function decodeSsl2Hello(bytes: Uint8Array): Ssl2Hello | 'wait' | null {
  const first = bytes[0];
  if (first === undefined) return 'wait';
  if ((first & 0x80) === 0) return null;
  if (bytes.length >= 3 && bytes[2] !== 4) return null;
  const length = u16be(bytes, 0) & 0x7fff;
  if (bytes.length < 2) return 'wait';
  if (length < 11) return null;
  if (bytes.length < 2 + length) return 'wait';
  // type 1, session hit 1, certificate type 1, version 2, lengths of certificate, cipher specs and connection id 2 each.
  if (u16be(bytes, 5) !== 2) return null;
  const certificateLength = u16be(bytes, 7);
  const specLength = u16be(bytes, 9);
  const specsAt = 13 + certificateLength;
  if (specsAt + specLength > 2 + length) return null;
  const ciphers: string[] = [];
  for (let at = specsAt; at + 3 <= specsAt + specLength && ciphers.length < 32; at += 3) {
    const code = ((bytes[at] ?? 0) << 16) | u16be(bytes, at + 1);
    ciphers.push(names.get(code) ?? `0x${code.toString(16).padStart(6, '0')}`);
  }
  return { ciphers, certificate: certificateLength > 0 ? bytes.slice(13, specsAt) : null };
}
