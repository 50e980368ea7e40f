import type { ReadOutcome } from '@picket/base/dialer';
import { err, ok, type Result } from '@picket/base/result';
import type { TlsBlock, TlsVersion } from '@picket/checks/protocols/tls/tls-block';
import type { DslValue } from '@picket/checks/dsl/value';
import type { Endpoint } from '@picket/checks/run/target-scope';
import { type CheckFailure, failureOf } from '../check-failure.ts';
import { type CheckSession, openConnection, spend } from '../check-session.ts';
import { type KnownTls, knownCertificate, knownHello, surveyVariables } from './known-tls.ts';
import { cipherCode, cipherName, ciphersFor } from '../../tls/cipher-suites.ts';
import { clientHello } from '../../tls/client-hello.ts';
import { decodeServerFlight } from '../../tls/server-flight.ts';
import { versionCodes } from '../../tls/tls-version.ts';
import { helloScope, tlsScope } from './tls-facts.ts';

/** What a TLS block found: its variables, or null when the server does not speak what was offered. */
export type TlsProbe = Result<ReadonlyMap<string, DslValue> | null, CheckFailure>;

/**
 * Runs an `ssl` block: a real handshake for certificate facts, our own hello where versions or suites are given. What identification
 * found out already is not asked again.
 */
export async function probeTls(block: TlsBlock, endpoint: Endpoint, session: CheckSession): Promise<TlsProbe> {
  const refused = spend(session, endpoint.port);
  if (refused) return err(refused);
  const plain = { ...endpoint, tls: false };
  const known = session.knownTls.get(endpoint.port);
  const versions = versionsOf(block);
  if (versions === null) return known ? knownOrNow(known, plain, session) : handshake(plain, session);
  for (const version of versions.reverse()) {
    const codes = offered(block, version);
    if (codes.length === 0) continue;
    const offer = { version, ciphers: codes, serverName: endpoint.name };
    const found = (known && knownHello(known, offer, plain)) ?? (await hello(offer, plain, session));
    if (!found.ok || found.value !== null) return found;
  }
  return ok(null);
}

/** Suites of TLS 1.3 name neither key exchange nor signature (RFC 8446 appendix B.4). */
const isTls13 = (name: string) => /^TLS_(?:AES|CHACHA20)_/.test(name);

/** Facts of a surveyed service: with a handshake of our own where one can be finished, else as the survey saw them. */
async function knownOrNow(known: KnownTls, endpoint: Endpoint, session: CheckSession): Promise<TlsProbe> {
  const now = session.clock.now();
  if (known.upgraded) return knownCertificate(known, endpoint, now);
  const found = await handshake(endpoint, session, surveyVariables(known.survey));
  if (found.ok || found.error.reason === 'cancelled') return found;
  const seen = knownCertificate(known, endpoint, now);
  return seen.ok ? seen : found;
}

const order: readonly TlsVersion[] = ['ssl30', 'tls10', 'tls11', 'tls12', 'tls13'];

function versionsOf(block: TlsBlock): TlsVersion[] | null {
  if (block.minVersion === null && block.maxVersion === null && block.ciphers.length === 0) return null;
  const from = block.minVersion === null ? 1 : order.indexOf(block.minVersion);
  const to = block.maxVersion === null ? (block.ciphers.some(isTls13) ? 4 : 3) : order.indexOf(block.maxVersion);
  return order.slice(from, to + 1);
}

function offered(block: TlsBlock, version: TlsVersion): readonly number[] {
  if (block.ciphers.length === 0) return ciphersFor(version === 'tls13');
  return block.ciphers.flatMap((name) => cipherCode(name) ?? []);
}

async function handshake(
  endpoint: Endpoint,
  session: CheckSession,
  more: Readonly<Record<string, DslValue>> = {},
): Promise<TlsProbe> {
  const opened = await openConnection(session, endpoint);
  if (!opened.ok) return opened;
  try {
    const timeoutMs = session.limits.connectMs;
    const secured = await opened.value.startTls({
      timeoutMs,
      ...(endpoint.name === null ? {} : { serverName: endpoint.name }),
    });
    if (!secured.ok) return err(failureOf(secured.error, true));
    return ok(tlsScope(secured.value, endpoint, session.clock.now(), more));
  } finally {
    opened.value.close();
  }
}

async function hello(
  offer: Parameters<typeof clientHello>[0],
  endpoint: Endpoint,
  session: CheckSession,
): Promise<TlsProbe> {
  const opened = await openConnection(session, endpoint);
  if (!opened.ok) return opened;
  try {
    await opened.value.write(clientHello(offer, session.random));
    const reply = await opened.value.read({
      timeoutMs: session.limits.firstByteMs,
      maxBytes: 16_384,
      until: (bytes) => isAnswered(decodeServerFlight(bytes)),
    });
    if (reply.end === 'cancelled') return err({ reason: 'cancelled', detail: '' });
    const { alert, hello, foreign } = decodeServerFlight(reply.bytes);
    if (hello === null && alert !== null) return refusals.has(alert) ? ok(null) : err(oddAlert(alert));
    if (foreign) return err({ reason: 'tls-failed', detail: 'the answer to a hello is no TLS' });
    if (hello === null) return hungUp(reply) ? ifStillThere(endpoint, session) : err(unfinished);
    // A server that answers an offer with another version has not accepted it.
    if (hello.version !== versionCodes[offer.version] || !offer.ciphers.includes(hello.cipher)) return ok(null);
    return ok(helloScope({ version: offer.version, cipher: cipherName(hello.cipher) }, endpoint));
  } finally {
    opened.value.close();
  }
}

const isAnswered = ({ hello, alert, foreign }: ReturnType<typeof decodeServerFlight>) =>
  hello !== null || alert !== null || foreign;

/** Alerts that refuse what was offered (RFC 5246 section 7.2): handshake_failure, illegal_parameter, protocol_version, insufficient_security, inappropriate_fallback. */
const refusals = new Set([40, 47, 70, 71, 86]);

const unfinished: CheckFailure = { reason: 'timeout', detail: 'no whole answer to a TLS hello' };

function oddAlert(description: number): CheckFailure {
  return { reason: 'tls-failed', detail: `the server ended the handshake with alert ${description}` };
}

const hungUp = (reply: ReadOutcome) => reply.bytes.length === 0 && (reply.end === 'closed' || reply.end === 'reset');

/** Some servers refuse an offer by hanging up. It counts as a refusal if the same server agrees to a usual handshake right after. */
async function ifStillThere(endpoint: Endpoint, session: CheckSession): Promise<TlsProbe> {
  const control = await handshake(endpoint, session);
  return control.ok ? ok(null) : control;
}
