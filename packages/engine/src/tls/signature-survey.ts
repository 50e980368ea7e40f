import { ownValue } from '@picket/base/own-value';
import { cipherName } from './cipher-suites.ts';
import type { VersionSurvey } from './cipher-survey.ts';
import { eliminate, type Elimination } from './elimination.ts';
import { askHello, mayAsk, type TlsReach } from './hello-exchange.ts';
import { ownShare, shareGroups } from './key-shares.ts';
import { allSignatures, signatureName, tls13Signatures } from './signature-schemes.ts';
import { versionCodes } from './tls-version.ts';

/** Schemes with which the server signs its TLS 1.2 key exchange, which names them (RFC 5246 section 7.4.3). */
export async function surveyTls12Signatures(
  reach: TlsReach,
  survey: VersionSurvey,
  serverName: string | null,
): Promise<Elimination> {
  const signing = survey.ciphers.filter((code) => /^TLS_(?:ECDHE|DHE)_(?:RSA|ECDSA|DSS)_/.test(cipherName(code)));
  if (signing.length === 0) return { accepted: [], complete: true };
  return eliminate(allSignatures, async (signatures) => {
    const answer = await askHello(reach, { version: 'tls12', ciphers: signing, serverName, signatures }, true);
    if (answer.kind === 'refused') return 'none';
    if (answer.kind !== 'flight') return 'unknown';
    if (answer.flight.hello?.version !== versionCodes.tls12) return 'none';
    return answer.flight.keyExchange?.signature ?? 'unknown';
  });
}

/** Schemes that a key of a type can sign with (RFC 8446 section 4.2.3); for other types all are tried. */
const schemesOfKey: Readonly<Record<string, RegExp>> = {
  rsa: /^rsa_pss_rsae/,
  'rsa-pss': /^rsa_pss_pss/,
  ec: /^ecdsa|^sm2/,
  ed25519: /^ed25519/,
  ed448: /^ed448/,
};

/**
 * Schemes of TLS 1.3, where the signature is encrypted: each that fits the server's key is offered alone, and a hello means yes
 * (RFC 8446 section 4.4.3).
 */
export async function surveyTls13Signatures(
  reach: TlsReach,
  survey: VersionSurvey,
  offer: { readonly serverName: string | null; readonly groups: readonly number[]; readonly keyType: string | null },
): Promise<Elimination> {
  const accepted: number[] = [];
  const { keyType, ...hello } = offer;
  const fitting = ownValue(schemesOfKey, keyType ?? '');
  for (const scheme of tls13Signatures.filter((each) => fitting?.test(signatureName(each)) ?? true)) {
    if (!mayAsk(reach)) return { accepted, complete: false };
    const shares = ownShares(hello.groups, reach);
    const asked = { version: 'tls13' as const, ciphers: survey.ciphers, ...hello, ...shares, signatures: [scheme] };
    const answer = await askHello(reach, asked);
    if (answer.kind === 'flight' && answer.flight.hello?.retry === false) accepted.push(scheme);
  }
  return { accepted, complete: true };
}

/** A share that the server can use at once, so that it decides about the signature. */
function ownShares(groups: readonly number[], reach: TlsReach) {
  const group = shareGroups.find((each) => groups.includes(each));
  const own = group === undefined ? null : ownShare(group, reach.random);
  return own === null ? {} : { keyShares: [own] };
}
