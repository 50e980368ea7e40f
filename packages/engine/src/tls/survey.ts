import type { TlsVersion } from '@picket/checks/protocols/tls/tls-block';
import type { TlsSurvey } from '@picket/contracts/tls-facts';
import { surveyAlpn } from './alpn-survey.ts';
import { describeCertificate, digest } from './certificate-facts.ts';
import { findVersion, type SpokenVersion, surveyCiphers, type VersionSurvey } from './cipher-survey.ts';
import { cipherName } from './cipher-suites.ts';
import { askClassicFeatures, askCredentials, type Credentials } from './feature-survey.ts';
import { surveyClassicGroups, surveyTls13Groups } from './group-survey.ts';
import { type HandshakeBudget, mayAsk, type TlsReach } from './hello-exchange.ts';
import { groupName } from './named-groups.ts';
import { surveySessions } from './session-survey.ts';
import { signatureName } from './signature-schemes.ts';
import { surveyTls12Signatures, surveyTls13Signatures } from './signature-survey.ts';
import type { Ssl2Hello } from './ssl2.ts';
import { askSsl2 } from './ssl2-survey.ts';
import { tlsWeaknesses } from './weaknesses.ts';
import { decodeCertificate } from './x509/certificate.ts';
import { chainFacts } from './x509/chain.ts';
import { nameText } from './x509/distinguished-name.ts';
import { oneLine } from '../services/printable.ts';

/** What a survey may cost one server. */
export interface SurveyLimits {
  readonly handshakes: number;
  readonly totalMs: number;
  readonly answerMs: number;
  readonly spacingMs: number;
}

/** First figures: a usual server needs 60 to 120 handshakes and, on a local network, two to four seconds. */
export const defaultSurveyLimits: SurveyLimits = { handshakes: 200, totalMs: 30_000, answerMs: 3000, spacingMs: 5 };

/** A reach with a fresh budget. */
export function withBudget(reach: Omit<TlsReach, 'budget' | 'answerMs'>, limits: SurveyLimits): TlsReach {
  const { handshakes, totalMs, answerMs, spacingMs } = limits;
  const endsAt = reach.clock.monotonic() + totalMs;
  const budget: HandshakeBudget = { left: handshakes, made: 0, endsAt, spacingMs, unanswered: 0, hangUps: 0 };
  return { ...reach, answerMs, budget };
}

const versions: readonly TlsVersion[] = ['tls13', 'tls12', 'tls11', 'tls10', 'ssl30'];

interface Spoken {
  readonly versions: readonly SpokenVersion[];
  readonly ssl2: Ssl2Hello | null;
  readonly complete: boolean;
}

/**
 * Asks a server for everything it would negotiate, one handshake after the other, each broken off after the server's first answer.
 * Null when it speaks no version at all. The most telling questions come first, so that a spent budget costs the least.
 */
export async function surveyTls(reach: TlsReach, serverName: string | null): Promise<TlsSurvey | null> {
  const spoken = await findVersions(reach, serverName);
  if (spoken.versions.length === 0 && spoken.ssl2 === null) return null;
  const old = spoken.versions.find(({ version }) => version !== 'tls13') ?? null;
  const hello = { serverName, alpn: [] };
  const asked = old && (await askClassicFeatures(reach, { version: old.version, ciphers: old.offer }, hello));
  const surveyed: VersionSurvey[] = [];
  for (const version of spoken.versions) surveyed.push(await surveyCiphers(reach, version, serverName));
  const tls13 = surveyed.find(({ version }) => version === 'tls13') ?? null;
  const classic = surveyed.find(({ version }) => version !== 'tls13') ?? null;
  const groups13 = tls13 ? await surveyTls13Groups(reach, tls13, serverName) : nothing;
  const classicGroups = classic ? await surveyClassicGroups(reach, classic, serverName) : noGroups;
  const basis = classic ? { ...classic, groups: [] } : tls13 && { ...tls13, groups: groups13.accepted };
  const ask = async (name: string | null, alpn: readonly string[] = []) =>
    basis ? askCredentials(reach, basis, { serverName: name, alpn }) : null;
  const own = asked?.credentials ?? shown(await ask(serverName));
  const sni = await surveyNames(ask, serverName, own);
  const tls12 = surveyed.find(({ version }) => version === 'tls12') ?? null;
  const signatures12 = tls12 ? await surveyTls12Signatures(reach, tls12, serverName) : nothing;
  const described = describeChain(own?.certificates ?? (spoken.ssl2?.certificate ? [spoken.ssl2.certificate] : []));
  const groups = groups13.accepted.length === 0 ? [29] : groups13.accepted;
  const offer13 = { serverName, groups, keyType: described.chain[0]?.keyType ?? null };
  const signatures13 = tls13 ? await surveyTls13Signatures(reach, tls13, offer13) : nothing;
  const alpn = await surveyAlpn(async (names) => shown(await ask(serverName, names))?.alpn ?? null);
  const sessions = await surveySessions(reach, speaksToLibrary(classic), serverName);
  const parts = [...surveyed, groups13, classicGroups.curves, signatures12, signatures13];
  return bounded({
    // Who hangs up may have refused or been too busy: only an alert is a plain no.
    complete: spoken.complete && parts.every(({ complete }) => complete) && mayAsk(reach) && reach.budget.hangUps === 0,
    handshakes: reach.budget.made,
    versions: describeVersions(surveyed, spoken.ssl2),
    groups: { tls13: groups13.accepted.map(groupName), classic: classicGroups.curves.accepted.map(groupName) },
    signatures: { tls13: signatures13.accepted.map(signatureName), tls12: signatures12.accepted.map(signatureName) },
    dhBits: classicGroups.dhBits,
    exportDhBits: classicGroups.exportDhBits,
    alpn: alpn.map((name) => oneLine(name, 32)),
    features: asked ? { ...asked.features, clientRenegotiation: sessions.clientRenegotiation } : null,
    resumption: sessions.resumption,
    stapledOcsp: own?.stapled ?? null,
    clientCertificate: own?.clientCertificate ?? null,
    sni,
    ...described,
  });
}

const nothing = { accepted: [], complete: true } as const;
const noGroups = { curves: nothing, dhBits: null, exportDhBits: null } as const;

const shown = (answer: Credentials | 'refused' | null) => (answer === 'refused' ? null : answer);

/** The platform's library still speaks TLS 1.0 to 1.2; what is older it cannot be asked about. */
function speaksToLibrary(classic: VersionSurvey | null): boolean {
  return classic !== null && classic.version !== 'ssl30';
}

async function findVersions(reach: TlsReach, serverName: string | null): Promise<Spoken> {
  const found: SpokenVersion[] = [];
  let complete = true;
  for (const version of versions) {
    if (!mayAsk(reach)) return { versions: found, ssl2: null, complete: false };
    const spoken = await findVersion(reach, version, serverName);
    if (spoken === 'unknown') complete = false;
    else if (spoken !== null) found.push(spoken);
  }
  const ssl2 = await askSsl2(reach);
  return { versions: found, ssl2: ssl2 === 'unknown' ? null : ssl2, complete: complete && ssl2 !== 'unknown' };
}

function describeVersions(surveyed: readonly VersionSurvey[], ssl2: Ssl2Hello | null): TlsSurvey['versions'] {
  const modern = surveyed.map(({ version, ciphers, preference }) => ({
    version,
    ciphers: ciphers.map(cipherName),
    preference,
  }));
  if (ssl2 === null) return modern;
  return [...modern, { version: 'ssl20', ciphers: [...ssl2.ciphers], preference: 'client' }];
}

/** A name that nobody has (RFC 2606 section 2). */
const unknownName = 'no-such-name.invalid';

/** What the server shows for no name, for the host's name, and for one that it cannot know. */
async function surveyNames(
  ask: (name: string | null) => Promise<Credentials | 'refused' | null>,
  serverName: string | null,
  own: Credentials | null,
): Promise<TlsSurvey['sni']> {
  const sha = (answer: Credentials | 'refused' | null) => {
    const leaf = shown(answer)?.certificates[0];
    return leaf === undefined ? null : digest('sha256', leaf);
  };
  const bare = serverName === null ? sha(own) : sha(await ask(null));
  const named = serverName === null ? null : sha(own);
  const stranger = await ask(unknownName);
  const strange = sha(stranger);
  const same = strange === bare ? 'default' : strange === named ? 'named' : 'other';
  const brings = stranger === 'refused' ? 'refused' : strange === null ? null : same;
  return { default: bare, named, unknownName: brings };
}

function describeChain(ders: readonly Uint8Array[]): Pick<TlsSurvey, 'chain' | 'path'> {
  const read = ders.slice(0, 8).flatMap((der) => {
    const certificate = decodeCertificate(der);
    return certificate ? [{ certificate, der }] : [];
  });
  const facts = chainFacts(read.map(({ certificate }) => certificate));
  const chain = read.flatMap(({ certificate, der }) => describeCertificate(certificate, der) ?? []);
  const issuer = facts?.missingIssuer ?? null;
  const missingIssuer = issuer === null ? null : oneLine(nameText(issuer), 1024);
  return { chain, path: facts && { ...facts, missingIssuer } };
}

/** Longest survey as JSON, characters: an event must stay under 64 KiB with everything else in it. */
const surveyLimit = 32_768;

/** Adds the weaknesses, and cuts the lists of names that hostile certificates carry until the event fits. */
function bounded(survey: Omit<TlsSurvey, 'weaknesses'>): TlsSurvey {
  const whole = { ...survey, weaknesses: tlsWeaknesses(survey) };
  if (JSON.stringify(whole).length <= surveyLimit) return whole;
  const chain = whole.chain.slice(0, 4).map((each) => ({
    ...each,
    names: each.names.slice(0, 4),
    ocspUrls: [],
    issuerUrls: [],
    crlUrls: [],
  }));
  return { ...whole, chain };
}
