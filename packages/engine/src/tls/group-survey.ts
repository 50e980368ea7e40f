import { cipherName } from './cipher-suites.ts';
import { eliminate, type Elimination } from './elimination.ts';
import { askHello, type TlsReach } from './hello-exchange.ts';
import { classicCurves, tls13Groups } from './named-groups.ts';
import { sharedGroup } from './server-hello.ts';
import type { VersionSurvey } from './cipher-survey.ts';
import { versionCodes } from './tls-version.ts';

/**
 * Groups for TLS 1.3. A hello without a key share makes the server name the group that it wants (RFC 8446 section 4.1.4), so no key
 * of any kind has to be made, post-quantum ones included.
 */
export async function surveyTls13Groups(
  reach: TlsReach,
  survey: VersionSurvey,
  serverName: string | null,
): Promise<Elimination> {
  return eliminate(tls13Groups, async (groups) => {
    const offer = { version: 'tls13' as const, ciphers: survey.ciphers, serverName, groups, keyShares: [] };
    const answer = await askHello(reach, offer);
    if (answer.kind === 'refused') return 'none';
    if (answer.kind !== 'flight' || answer.flight.hello === null) return 'unknown';
    return sharedGroup(answer.flight.hello) ?? 'none';
  });
}

export interface ClassicGroups {
  readonly curves: Elimination;
  /** Size of the prime of a finite-field exchange, bits: the usual one, and that of export suites. */
  readonly dhBits: number | null;
  readonly exportDhBits: number | null;
}

/** Curves of elliptic exchanges and the size of finite-field ones, of TLS 1.2 and older. */
export async function surveyClassicGroups(
  reach: TlsReach,
  survey: VersionSurvey,
  serverName: string | null,
): Promise<ClassicGroups> {
  const { version } = survey;
  const named = survey.ciphers.map((code) => ({ code, name: cipherName(code) }));
  const matching = (pattern: RegExp) => named.filter(({ name }) => pattern.test(name)).map(({ code }) => code);
  const elliptic = matching(/^TLS_ECDHE_(?!PSK)|^TLS_ECDH_anon/);
  const ask = async (ciphers: readonly number[], groups: readonly number[]) => {
    const answer = await askHello(reach, { version, ciphers, serverName, groups }, true);
    if (answer.kind !== 'flight') return answer.kind === 'refused' ? ('none' as const) : ('unknown' as const);
    const { hello, keyExchange } = answer.flight;
    if (hello === null || hello.version !== versionCodes[version] || !ciphers.includes(hello.cipher)) return 'none';
    return keyExchange ?? 'unknown';
  };
  const bitsOf = async (ciphers: readonly number[]) => {
    if (ciphers.length === 0) return null;
    const exchange = await ask(ciphers, []);
    return typeof exchange === 'string' ? null : exchange.dhBits;
  };
  const curves =
    elliptic.length === 0 || version === 'ssl30'
      ? { accepted: [], complete: true }
      : await eliminate(classicCurves, async (groups) => {
          const exchange = await ask(elliptic, groups);
          return typeof exchange === 'string' ? exchange : (exchange.group ?? 'unknown');
        });
  return {
    curves,
    dhBits: await bitsOf(matching(/^TLS_DH(?:E_(?:RSA|DSS)|_anon)_WITH/)),
    exportDhBits: await bitsOf(matching(/^TLS_DH(?:E_(?:RSA|DSS)|_anon)_EXPORT/)),
  };
}
