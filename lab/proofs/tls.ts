import type { Proof, ProofTarget } from './proof.ts';

/** Calls OpenSSL's client, which trusts the lab's authority and expects the certificate to name the address. */
function openssl(target: ProofTarget, ...more: readonly string[]) {
  const trust = ['-CAfile', `${target.certificates}/ca.crt`, '-verify_ip', target.address];
  return { argv: ['openssl', 's_client', '-connect', `${target.address}:${target.port}`, ...trust, ...more] };
}

/** An error that OpenSSL names when it verifies the certificate. */
function verifyError(words: RegExp): Proof {
  return { call: (target) => openssl(target), weak: words, refused: /Verify return code: \d+/ };
}

/** Proofs of what can be wrong with TLS, by OpenSSL's own client. */
export const tlsProofs: Readonly<Record<string, Proof>> = {
  'tls-expired': verifyError(/certificate has expired/),
  'tls-self-signed': verifyError(/self-signed certificate/),
  'tls-wrong-name': verifyError(/IP address mismatch/),
  'tls-weak-key': {
    call: (target) => openssl(target),
    weak: /Server public key is 1024 bit/,
    refused: /Server public key is \d+ bit/,
  },
  'tls-old-version': {
    call: (target) => openssl(target, '-tls1', '-cipher', 'ALL:@SECLEVEL=0'),
    weak: /New, TLSv1\.0, Cipher is [A-Z]/,
    refused: /alert protocol version|no protocols available|unsupported protocol|alert handshake failure/,
  },
};
