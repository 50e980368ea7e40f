/** Key exchange groups as IANA registers them (TLS Supported Groups registry). */
const groups: Readonly<Record<string, number>> = {
  sect163k1: 1,
  sect163r1: 2,
  sect163r2: 3,
  sect193r1: 4,
  sect193r2: 5,
  sect233k1: 6,
  sect233r1: 7,
  sect239k1: 8,
  sect283k1: 9,
  sect283r1: 10,
  sect409k1: 11,
  sect409r1: 12,
  sect571k1: 13,
  sect571r1: 14,
  secp160k1: 15,
  secp160r1: 16,
  secp160r2: 17,
  secp192k1: 18,
  secp192r1: 19,
  secp224k1: 20,
  secp224r1: 21,
  secp256k1: 22,
  secp256r1: 23,
  secp384r1: 24,
  secp521r1: 25,
  brainpoolP256r1: 26,
  brainpoolP384r1: 27,
  brainpoolP512r1: 28,
  x25519: 29,
  x448: 30,
  brainpoolP256r1tls13: 31,
  brainpoolP384r1tls13: 32,
  brainpoolP512r1tls13: 33,
  curveSM2: 41,
  ffdhe2048: 256,
  ffdhe3072: 257,
  ffdhe4096: 258,
  ffdhe6144: 259,
  ffdhe8192: 260,
  MLKEM512: 512,
  MLKEM768: 513,
  MLKEM1024: 514,
  SecP256r1MLKEM768: 4587,
  X25519MLKEM768: 4588,
  SecP384r1MLKEM1024: 4589,
  X25519Kyber768Draft00: 25497,
};

const names = new Map(Object.entries(groups).map(([name, code]) => [code, name]));

/** IANA name of a group, `0x1234` when it is not registered. */
export function groupName(code: number): string {
  return names.get(code) ?? `0x${code.toString(16).padStart(4, '0')}`;
}

/** Groups to ask TLS 1.3 for, post-quantum hybrids first (RFC 8446 section 4.2.7 forbids the older curves). */
export const tls13Groups: readonly number[] = [
  4588, 4587, 4589, 25497, 29, 23, 24, 25, 30, 31, 32, 33, 41, 256, 257, 258, 259, 260, 512, 513, 514,
];

/** Elliptic curves to ask TLS 1.2 and older for (RFC 8422 section 5.1.1; the ones that it retired are still served). */
export const classicCurves: readonly number[] = [
  29, 23, 24, 25, 30, 22, 26, 27, 28, 21, 20, 19, 18, 17, 16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1,
];
