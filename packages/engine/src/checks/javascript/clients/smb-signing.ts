import { createCipheriv, createHmac } from 'node:crypto';
import { ascii, concat } from '../../../services/bytes.ts';

/** AES-128 in CMAC (RFC 4493). */
export function aesCmac(key: Uint8Array, message: Uint8Array): Uint8Array {
  const encrypt = (block: Uint8Array) => {
    const cipher = createCipheriv('aes-128-ecb', key, null).setAutoPadding(false);
    return Uint8Array.from(cipher.update(block));
  };
  const first = doubled(encrypt(new Uint8Array(16)));
  const blocks = Math.max(1, Math.ceil(message.length / 16));
  const whole = message.length > 0 && message.length % 16 === 0;
  const last = new Uint8Array(16);
  last.set(message.subarray((blocks - 1) * 16));
  if (!whole) last[message.length % 16] = 0x80;
  let mac: Uint8Array = new Uint8Array(16);
  for (let index = 0; index < blocks - 1; index += 1)
    mac = encrypt(mixed(mac, message.subarray(index * 16, index * 16 + 16)));
  return encrypt(mixed(mac, mixed(last, whole ? first : doubled(first))));
}

const mixed = (left: Uint8Array, right: Uint8Array) => left.map((byte, index) => byte ^ (right[index] ?? 0));

/** Twice the value in the field of 2^128 (section 2.3). */
function doubled(block: Uint8Array): Uint8Array {
  const out = block.map((byte, index) => (byte << 1) | ((block[index + 1] ?? 0) >>> 7));
  if ((block[0] ?? 0) >= 0x80) out[15] = (out[15] ?? 0) ^ 0x87;
  return out;
}

/** The signing key of SMB 3.0 (MS-SMB2 section 3.1.4.2; SP 800-108 in counter mode). */
export function smb3SigningKey(key: Uint8Array): Uint8Array {
  const label = ascii('\0\0\0\x01SMB2AESCMAC\0\0SmbSign\0\0\0\0\x80');
  return Uint8Array.from(createHmac('sha256', key).update(label).digest()).subarray(0, 16);
}

/** The same message with the flag and the signature of its dialect (MS-SMB2 section 3.1.4.1). */
export function signed(message: Uint8Array, dialect: string, key: Uint8Array): Uint8Array {
  const out = message.slice();
  out[16] = (out[16] ?? 0) | 8;
  const signature = dialect.startsWith('3.')
    ? aesCmac(smb3SigningKey(key), out)
    : Uint8Array.from(createHmac('sha256', key).update(out).digest()).subarray(0, 16);
  return concat(out.subarray(0, 48), signature, out.subarray(64));
}
