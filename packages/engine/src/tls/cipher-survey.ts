import type { TlsVersion } from '@picket/checks/protocols/tls/tls-block';
import { cipherName, ciphersFor } from './cipher-suites.ts';
import { eliminate, type Choice } from './elimination.ts';
import { askHello, type HelloAnswer, type TlsReach } from './hello-exchange.ts';
import { versionCodes } from './tls-version.ts';

/** What a server does with one protocol version. */
export interface VersionSurvey {
  readonly version: TlsVersion;
  /** Suites in the server's order where it has one, else in the order of our offer. */
  readonly ciphers: readonly number[];
  /** Whose order decides; null when there are fewer than two suites or it was not found out. */
  readonly preference: 'server' | 'client' | null;
  /** False: handshakes ran out, there may be more. */
  readonly complete: boolean;
}

/** Suites that need a pre-shared key, a password, a ticket office or a key of a kind that hardly any server has. */
const rare = /_(?:PSK|SRP|KRB5|ECCPWD)_|_SRP_|GOST|_DH_(?:RSA|DSS)_|_ECDH_(?:RSA|ECDSA)_/;
/** The rest but those: what servers of any age really use. Some old ones give up on a hello with more than 128 suites. */
const uncommon = /ARIA|_CCM|CAMELLIA|SEED|IDEA|_DSS_/;

/** Offers, likely ones first. */
function offersFor(version: TlsVersion): readonly (readonly number[])[] {
  const all = ciphersFor(version === 'tls13');
  if (version === 'tls13') return [all];
  return [all.filter((code) => !rare.test(cipherName(code))), all.filter((code) => rare.test(cipherName(code)))];
}

/** protocol_version (RFC 5246 section 7.2.2): no other offer would do better. */
const wrongVersion = 70;

/** A version that the server agreed to, and what is still to be asked. */
export interface SpokenVersion {
  readonly version: TlsVersion;
  readonly first: number;
  /** The offer out of which it chose. */
  readonly offer: readonly number[];
  /** Offers that were not made yet. */
  readonly later: readonly (readonly number[])[];
}

/** Whether the server speaks a version: one hello where it does. Null when it does not, `unknown` when it did not answer. */
export async function findVersion(
  reach: TlsReach,
  version: TlsVersion,
  serverName: string | null,
): Promise<SpokenVersion | 'unknown' | null> {
  const [likely = [], ...others] = offersFor(version);
  const common = likely.filter((code) => !uncommon.test(cipherName(code)));
  const offers = likely.length > 128 ? [likely, common, ...others] : [likely, ...others];
  let unknown = false;
  for (const [index, offer] of offers.entries()) {
    const answer = await askHello(reach, { version, ciphers: offer, serverName });
    const first = chosenCipher(answer, version);
    const later = offers.slice(index + 1).filter((each) => each !== common);
    if (typeof first === 'number' && offer.includes(first)) return { version, first, offer, later };
    if (answer.kind === 'refused' && answer.alert === wrongVersion) return null;
    if (answer.kind === 'spent' || answer.kind === 'foreign') return 'unknown';
    unknown ||= first === 'unknown';
  }
  return unknown ? 'unknown' : null;
}

/** Every suite that the server accepts with a version. */
export async function surveyCiphers(
  reach: TlsReach,
  spoken: SpokenVersion,
  serverName: string | null,
): Promise<VersionSurvey> {
  const { version, first, offer, later } = spoken;
  const ask = async (ciphers: readonly number[]) =>
    chosenCipher(await askHello(reach, { version, ciphers, serverName }), version);
  const found = [first];
  let complete = true;
  for (const candidates of [offer.filter((code) => code !== first), ...later]) {
    const part = await eliminate(candidates, ask);
    found.push(...part.accepted);
    complete &&= part.complete;
    if (!part.complete) break;
  }
  return { version, ciphers: found, preference: await findPreference(found, ask), complete };
}

/** Offers the same suites the other way round: who chooses the same again has an order of its own. */
async function findPreference(
  found: readonly number[],
  ask: (offer: readonly number[]) => Promise<Choice>,
): Promise<VersionSurvey['preference']> {
  if (found.length < 2) return null;
  const reversed = [...found].reverse();
  // A ChaCha20 suite in front makes some servers prefer it for the sake of slow clients.
  const start = reversed.findIndex((code) => !cipherName(code).includes('CHACHA20'));
  const offer = start <= 0 ? reversed : [...reversed.slice(start), ...reversed.slice(0, start)];
  if (offer[0] === found[0]) return null;
  const choice = await ask(offer);
  if (choice === offer[0]) return 'client';
  return typeof choice === 'number' ? 'server' : null;
}

/** The suite that an answer agrees on, if it is of this version. */
export function chosenCipher(answer: HelloAnswer, version: TlsVersion): Choice {
  if (answer.kind === 'refused') return 'none';
  if (answer.kind !== 'flight') return 'unknown';
  const { hello } = answer.flight;
  if (hello === null || hello.version !== versionCodes[version]) return 'none';
  return hello.cipher;
}
