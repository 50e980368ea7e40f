/** How much a suite protects, in the words of the template format. */
export type SuiteLevel = 'insecure' | 'weak' | 'secure' | 'unknown';

/** Nothing is hidden or nobody is proven: no encryption, no authentication, or a cipher that is broken (RFC 7465, RFC 9325 section 4.1). */
const broken = /NULL|_anon_|EXPORT|RC4|RC2|DES40|_DES_CBC|_DES_64_CBC|_MD5$|^TLS_SHA(?:256|384)_/i;
/** No forward secrecy, no authenticated encryption, or a cipher of small blocks (RFC 9325 sections 4.1 and 4.2.1). */
const aged = /^TLS_(?:RSA|PSK|DH|ECDH|SRP|KRB5|GOST\w*)_(?!DHE_)|_CBC_|3DES|IDEA|SEED|_SHA$/;

/** The level of a suite by its IANA name. */
export function suiteLevel(name: string): SuiteLevel {
  if (!name.startsWith('TLS_')) return 'unknown';
  if (broken.test(name)) return 'insecure';
  return aged.test(name) ? 'weak' : 'secure';
}
