import type { Certificate } from './certificate.ts';
import { signedBy } from './signature-check.ts';

/** What can be said of the certificates that a server sends, without trusting anybody. */
export interface ChainFacts {
  /** Each certificate is followed by its issuer (RFC 5246 section 7.4.2 demands it). */
  readonly ordered: boolean;
  /** The path from the server's certificate ends in one that signed itself, or whose issuer a client must know anyway. */
  readonly complete: boolean;
  /** Name of the issuer at which the path ends without a certificate; null when it ends at a self-signed one. */
  readonly missingIssuer: Certificate['issuer'] | null;
  /** Certificates that no path needs. */
  readonly surplus: number;
  /** The path includes a self-signed root, which clients do not need. */
  readonly sendsRoot: boolean;
}

/** True when the names say that `issuer` issued `certificate` and no signature says otherwise. */
export function isIssuedBy(certificate: Certificate, issuer: Certificate): boolean {
  if (!sameBytes(certificate.raw.issuer, issuer.raw.subject)) return false;
  const { authorityKeyId } = certificate;
  if (authorityKeyId !== null && issuer.subjectKeyId !== null && authorityKeyId !== issuer.subjectKeyId) return false;
  return signedBy(certificate, issuer) !== false;
}

/** True when the certificate is signed with its own key. */
export function isSelfSigned(certificate: Certificate): boolean {
  return isIssuedBy(certificate, certificate);
}

/** Looks at a chain as it was sent, the server's certificate first; null for an empty one. */
export function chainFacts(chain: readonly Certificate[]): ChainFacts | null {
  const leaf = chain[0];
  if (!leaf) return null;
  const path = [leaf];
  for (let current = leaf; path.length <= chain.length && !isSelfSigned(current); ) {
    const next = chain.find((other) => !path.includes(other) && isIssuedBy(current, other));
    if (!next) break;
    path.push(next);
    current = next;
  }
  const last = path.at(-1) ?? leaf;
  const rooted = isSelfSigned(last);
  return {
    ordered: path.every((certificate, index) => chain[index] === certificate),
    // A path of the server's certificate alone that somebody else signed lacks the intermediate, unless the issuer is a root
    // that signs servers itself: authorities of companies do, so its word about itself (no AIA address) is taken.
    complete: rooted || path.length > 1 || leaf.issuerUrls.length === 0,
    missingIssuer: rooted ? null : last.issuer,
    surplus: chain.length - path.length,
    sendsRoot: rooted && path.length > 1,
  };
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.length > 0 && a.every((byte, index) => b[index] === byte);
}
