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

/** A handshake with old versions or ciphers that goes through; OpenSSL prints TLSv1.0 as the family of TLS 1.0 and 1.1 suites. */
function accepted(weak: RegExp, ...options: readonly string[]): Proof {
  const refused = /alert protocol version|no protocols available|unsupported protocol|alert handshake failure/;
  return { call: (target) => openssl(target, ...options), weak, refused };
}

/** Proofs of what can be wrong with TLS, by OpenSSL's own client. */
export const tlsProofs: Readonly<Record<string, Proof>> = {
  'tls-certificate-expired': verifyError(/certificate has expired/),
  'tls-certificate-self-signed': verifyError(/self-signed certificate/),
  'tls-certificate-name-mismatch': verifyError(/IP address mismatch/),
  'tls-certificate-weak-key': {
    call: (target) => openssl(target),
    weak: /Server public key is 1024 bit/,
    refused: /Server public key is \d+ bit/,
  },
  'tls-1-0-accepted': accepted(/New, TLSv1\.0, Cipher is [A-Z]/, '-tls1', '-cipher', 'ALL:@SECLEVEL=0'),
  'tls-1-1-accepted': accepted(/New, TLSv1\.0, Cipher is [A-Z]/, '-tls1_1', '-cipher', 'ALL:@SECLEVEL=0'),
  'tls-cipher-anonymous': accepted(/Cipher is A(EC)?DH-/, '-tls1_2', '-cipher', 'ADH:AECDH:@SECLEVEL=0'),
  // A suite without any authentication of the server.
  'tls-weak-cipher': accepted(/Cipher is AECDH-/, '-tls1_2', '-cipher', 'AECDH:@SECLEVEL=0'),
};
