import { err, ok } from '@picket/base/result';
import { fromText } from '@picket/checks/byte-string';
import type { DslValue } from '@picket/checks/dsl/value';
import type { Endpoint } from '@picket/checks/run/target-scope';
import type { TlsVersion } from '@picket/checks/protocols/tls/tls-block';
import type { CertificateFacts, TlsSurvey } from '@picket/contracts/tls-facts';
import type { ServiceEvent } from '../../run/stages.ts';
import { cipherName } from '../../tls/cipher-suites.ts';
import { coversAddress, coversHost } from '../../tls/x509/host-match.ts';
import { factScope, helloScope } from './tls-facts.ts';
import type { TlsProbe } from './tls-probe.ts';

/** What identification found out about the TLS of a service, for checks to use instead of asking again. */
export interface KnownTls {
  readonly survey: TlsSurvey;
  /** TLS begins after an upgrade: checks cannot do that themselves, so they have these facts only. */
  readonly upgraded: boolean;
}

/** The surveys of a host's TCP services, by port. */
export function knownTlsOf(services: readonly ServiceEvent[]): ReadonlyMap<number, KnownTls> {
  return new Map(
    services.flatMap(({ protocol, port, tunnel, tls }): [number, KnownTls][] =>
      protocol === 'tcp' && tls?.survey ? [[port, { survey: tls.survey, upgraded: tunnel === 'starttls' }]] : [],
    ),
  );
}

/** The answer to an offer of one version and some suites; undefined when the survey does not tell. */
export function knownHello(
  { survey, upgraded }: KnownTls,
  offer: { readonly version: TlsVersion; readonly ciphers: readonly number[] },
  endpoint: Endpoint,
): TlsProbe | undefined {
  const offered = new Set(offer.ciphers.map(cipherName));
  const spoken = survey.versions.find(({ version }) => version === offer.version);
  const cipher = spoken?.ciphers.find((name) => offered.has(name));
  if (cipher !== undefined) return ok(helloScope({ version: offer.version, cipher }, endpoint));
  if (survey.complete) return ok(null);
  if (!upgraded) return undefined;
  return err({ reason: 'tls-failed', detail: 'the survey of the service behind its upgrade to TLS was cut short' });
}

/** The variables of an `ssl` block about a service behind an upgrade, out of its survey alone. */
export function knownCertificate({ survey }: KnownTls, endpoint: Endpoint, nowMs: number): TlsProbe {
  const own = survey.chain[0];
  const best = survey.versions[0];
  if (!own || !best) return err({ reason: 'tls-failed', detail: 'the service shows no certificate that can be read' });
  const session = { version: best.version, cipher: best.ciphers[0] ?? '' };
  return ok(
    factScope(session, { ...certificateVariables(own, endpoint, nowMs), ...surveyVariables(survey) }, endpoint),
  );
}

function certificateVariables(facts: CertificateFacts, endpoint: Endpoint, nowMs: number): Record<string, DslValue> {
  const attribute = (name: string, wanted: string) =>
    fromText(new RegExp(`(?:^|, )${wanted}=([^,]*)`).exec(name)?.[1] ?? '');
  const commonName = attribute(facts.subject, 'CN');
  const address = coversAddress(facts.names, endpoint.address) ? false : null;
  const names = facts.names.length > 0 ? facts.names : [commonName];
  const mismatched = endpoint.name === null ? address : !coversHost(names, endpoint.name);
  return {
    not_before: facts.notBefore,
    not_after: facts.notAfter,
    not_yet_valid: Date.parse(facts.notBefore) > nowMs,
    expired: Date.parse(facts.notAfter) < nowMs,
    self_signed: facts.selfSigned,
    wildcard_certificate: facts.names.some((name) => name.startsWith('*.')),
    subject_cn: commonName,
    subject_dn: fromText(facts.subject),
    subject_an: facts.names.map(fromText),
    issuer_cn: attribute(facts.issuer, 'CN'),
    issuer_org: attribute(facts.issuer, 'O'),
    issuer_dn: fromText(facts.issuer),
    serial: (facts.serial ?? '').toUpperCase(),
    fingerprint_hash: facts.sha256,
    key_type: facts.keyType,
    key_bits: facts.keyBits,
    signature_algorithm: facts.signatureAlgorithm,
    ...(mismatched === null ? {} : { mismatched }),
  };
}

/** Names of the variables that only a survey tells. */
export const surveyFacts: ReadonlySet<string> = new Set([
  'tls_versions',
  'tls_weaknesses',
  'tls_groups',
  'dh_bits',
  'chain_complete',
  'chain_ordered',
  'ocsp_stapled',
  'tls_compression',
  'tls_heartbeat',
  'secure_renegotiation',
]);

/** Variables beyond the format's own, which a check may ask for where a service was surveyed. */
export function surveyVariables(survey: TlsSurvey): Record<string, DslValue> {
  const { features, path } = survey;
  return {
    tls_versions: survey.versions.map(({ version }) => version),
    tls_weaknesses: [...survey.weaknesses],
    tls_groups: [...survey.groups.tls13, ...survey.groups.classic],
    ...(survey.dhBits === null ? {} : { dh_bits: survey.dhBits }),
    ...(survey.stapledOcsp === null ? {} : { ocsp_stapled: survey.stapledOcsp }),
    ...(path === null ? {} : { chain_complete: path.complete, chain_ordered: path.ordered }),
    ...(features === null
      ? {}
      : {
          tls_compression: features.compression,
          tls_heartbeat: features.heartbeat,
          secure_renegotiation: features.secureRenegotiation,
        }),
  };
}
