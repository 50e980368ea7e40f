/** Signature schemes as IANA registers them (TLS SignatureScheme registry; the first byte pairs are RFC 5246 section 7.4.1.4.1). */
const schemes: Readonly<Record<string, number>> = {
  rsa_pkcs1_md5: 0x0101,
  rsa_pkcs1_sha1: 0x0201,
  dsa_sha1: 0x0202,
  ecdsa_sha1: 0x0203,
  rsa_pkcs1_sha224: 0x0301,
  dsa_sha224: 0x0302,
  ecdsa_sha224: 0x0303,
  rsa_pkcs1_sha256: 0x0401,
  dsa_sha256: 0x0402,
  ecdsa_secp256r1_sha256: 0x0403,
  rsa_pkcs1_sha384: 0x0501,
  dsa_sha384: 0x0502,
  ecdsa_secp384r1_sha384: 0x0503,
  rsa_pkcs1_sha512: 0x0601,
  dsa_sha512: 0x0602,
  ecdsa_secp521r1_sha512: 0x0603,
  sm2sig_sm3: 0x0708,
  rsa_pss_rsae_sha256: 0x0804,
  rsa_pss_rsae_sha384: 0x0805,
  rsa_pss_rsae_sha512: 0x0806,
  ed25519: 0x0807,
  ed448: 0x0808,
  rsa_pss_pss_sha256: 0x0809,
  rsa_pss_pss_sha384: 0x080a,
  rsa_pss_pss_sha512: 0x080b,
  ecdsa_brainpoolP256r1tls13_sha256: 0x081a,
  ecdsa_brainpoolP384r1tls13_sha384: 0x081b,
  ecdsa_brainpoolP512r1tls13_sha512: 0x081c,
  mldsa44: 0x0904,
  mldsa65: 0x0905,
  mldsa87: 0x0906,
};

const names = new Map(Object.entries(schemes).map(([name, code]) => [code, name]));

/** IANA name of a scheme, `0x1234` when it is not registered. */
export function signatureName(code: number): string {
  return names.get(code) ?? `0x${code.toString(16).padStart(4, '0')}`;
}

/** Every scheme of the table, strong ones first. */
export const allSignatures: readonly number[] = Object.values(schemes).sort((a, b) => b - a);

/** Schemes that TLS 1.3 may sign a handshake with (RFC 8446 section 4.2.3). */
export const tls13Signatures: readonly number[] = allSignatures.filter(
  (code) => code >= 0x0708 || code === 0x0403 || code === 0x0503 || code === 0x0603,
);
