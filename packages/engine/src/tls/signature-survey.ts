import { cipherName } from './cipher-suites.ts';
import type { VersionSurvey } from './cipher-survey.ts';
import { eliminate, type Elimination } from './elimination.ts';
import { askHello, mayAsk, type TlsReach } from './hello-exchange.ts';
import { allSignatures, tls13Signatures } from './signature-schemes.ts';
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

/** Schemes of TLS 1.3, where the signature is encrypted: each is offered alone, and a hello means yes (RFC 8446 section 4.4.3). */
export async function surveyTls13Signatures(
  reach: TlsReach,
  survey: VersionSurvey,
  offer: { readonly serverName: string | null; readonly groups: readonly number[] },
): Promise<Elimination> {
  const accepted: number[] = [];
  for (const scheme of tls13Signatures) {
    if (!mayAsk(reach)) return { accepted, complete: false };
    const hello = { version: 'tls13' as const, ciphers: survey.ciphers, ...offer, signatures: [scheme] };
    const answer = await askHello(reach, hello);
    if (answer.kind === 'flight' && answer.flight.hello?.retry === false) accepted.push(scheme);
  }
  return { accepted, complete: true };
}
