import { createHmac, timingSafeEqual } from 'node:crypto';

/** Seconds that a code is shown (RFC 6238 section 4.1: X). */
export const stepSeconds = 30;
/** Digits of a code, as every authenticator app shows it. */
export const codeLength = 6;

/**
 * HOTP of a counter (RFC 4226 section 5.3): HMAC-SHA-1, four bytes from the offset that the last nibble names, without the
 * sign bit, the last decimal digits of that. SHA-1 because most apps know nothing else; as an HMAC it is sound.
 */
export function codeOfStep(secret: Uint8Array, step: number, digits: number = codeLength): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac('sha1', secret).update(counter).digest();
  const offset = (mac[mac.length - 1] ?? 0) & 0x0f;
  const number = mac.readUInt32BE(offset) & 0x7fff_ffff;
  return String(number % 10 ** digits).padStart(digits, '0');
}

/** The step of a time in milliseconds since 1970 (RFC 6238 section 4.2, T0 = 0). */
export function stepAt(now: number): number {
  return Math.floor(now / 1000 / stepSeconds);
}

/**
 * The step whose code this is: the current one, or one before or after it, for clocks that differ. Null when it is none of
 * them or not newer than `lastStep`: a code works once (RFC 6238 section 5.2).
 */
export function stepOfCode(secret: Uint8Array, code: string, now: number, lastStep: number | null): number | null {
  const given = Buffer.from(code);
  if (given.length !== codeLength) return null;
  let found: number | null = null;
  for (const step of [stepAt(now) - 1, stepAt(now), stepAt(now) + 1]) {
    const same = timingSafeEqual(given, Buffer.from(codeOfStep(secret, step)));
    if (same && (lastStep === null || step > lastStep)) found ??= step;
  }
  return found;
}

const base32Digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** RFC 4648 section 6, without padding: how apps take a secret that is typed. */
export function base32(bytes: Uint8Array): string {
  let text = '';
  let bits = 0;
  let held = 0;
  for (const byte of bytes) {
    held = (held << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += base32Digits[(held >> bits) & 31] ?? '';
    }
    held &= (1 << bits) - 1;
  }
  return bits === 0 ? text : text + (base32Digits[(held << (5 - bits)) & 31] ?? '');
}

/** What the QR code says: `otpauth://totp/Picket:login?secret=…`. */
export function otpauthUri(secret: Uint8Array, login: string, issuer: string): string {
  const label = `${encodeURIComponent(issuer)}:${encodeURIComponent(login)}`;
  return `otpauth://totp/${label}?secret=${base32(secret)}&issuer=${encodeURIComponent(issuer)}`;
}
