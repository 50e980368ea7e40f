import type { TlsVersion } from '@picket/checks/protocols/tls/tls-block';
import { clientHello } from './client-hello.ts';
import type { VersionSurvey } from './cipher-survey.ts';
import { extensionTypes as types } from './extension-types.ts';
import { askHello, exchange, type HelloAnswer, type TlsReach } from './hello-exchange.ts';
import { ownShare, shareGroups } from './key-shares.ts';
import { chosenProtocol } from './server-hello.ts';
import { decodeServerFlight, type ServerFlight } from './server-flight.ts';
import { decodeEncryptedFlight, type EncryptedFlight } from './tls13-flight.ts';
import { readableSuites } from './tls13-secrets.ts';

/** What TLS 1.2 and older negotiate beside the suite. Null where the server was not asked. */
export interface ClassicFeatures {
  readonly secureRenegotiation: boolean;
  readonly extendedMasterSecret: boolean;
  readonly encryptThenMac: boolean;
  readonly compression: boolean;
  readonly heartbeat: boolean;
  readonly sessionTicket: boolean;
  readonly sessionId: boolean;
}

/** The certificates and what came with them, of one hello. */
export interface Credentials {
  readonly certificates: readonly Uint8Array[];
  readonly stapled: boolean;
  readonly clientCertificate: boolean;
  readonly alpn: string | null;
}

export interface FeatureHello {
  readonly serverName: string | null;
  readonly alpn: readonly string[];
}

/** One hello with every extension, in TLS 1.2 or older. Null when the server refuses it. */
export async function askClassicFeatures(
  reach: TlsReach,
  survey: Pick<VersionSurvey, 'version' | 'ciphers'>,
  hello: FeatureHello,
): Promise<{ features: ClassicFeatures; credentials: Credentials } | null> {
  const answer = await askHello(
    reach,
    { version: survey.version, ciphers: survey.ciphers, ...hello, features: survey.version !== 'ssl30' },
    true,
  );
  if (answer.kind !== 'flight' || answer.flight.hello === null) return null;
  const { flight } = answer;
  const { extensions, compression, sessionId } = answer.flight.hello;
  return {
    features: {
      secureRenegotiation: extensions.has(types.renegotiationInfo),
      extendedMasterSecret: extensions.has(types.extendedMasterSecret),
      encryptThenMac: extensions.has(types.encryptThenMac),
      compression: compression !== 0,
      heartbeat: extensions.has(types.heartbeat),
      sessionTicket: extensions.has(types.sessionTicket),
      sessionId: sessionId.length > 0,
    },
    credentials: clearCredentials(flight),
  };
}

/** Certificates as a server shows them for a name, in the version that shows them in the clear where there is one. */
export async function askCredentials(
  reach: TlsReach,
  survey: { readonly version: TlsVersion; readonly ciphers: readonly number[]; readonly groups: readonly number[] },
  hello: FeatureHello,
): Promise<Credentials | 'refused' | null> {
  const { version, ciphers, groups } = survey;
  if (version === 'tls13') return askTls13Credentials(reach, ciphers, groups, hello);
  const answer = await askHello(reach, { version, ciphers, ...hello }, true);
  if (answer.kind === 'refused') return 'refused';
  return answer.kind === 'flight' ? clearCredentials(answer.flight) : null;
}

function clearCredentials(flight: ServerFlight): Credentials {
  const { certificates, stapled, clientCertificate, hello } = flight;
  return { certificates, stapled, clientCertificate, alpn: hello === null ? null : chosenProtocol(hello.extensions) };
}

async function askTls13Credentials(
  reach: TlsReach,
  ciphers: readonly number[],
  groups: readonly number[],
  hello: FeatureHello,
): Promise<Credentials | 'refused' | null> {
  const group = shareGroups.find((each) => groups.includes(each));
  const own = group === undefined ? null : ownShare(group, reach.random);
  const readable = ciphers.filter((code) => readableSuites.includes(code));
  if (own === null || readable.length === 0) return null;
  const offer = { version: 'tls13' as const, ciphers: readable, groups: [own.group], keyShares: [own], ...hello };
  const sent = clientHello({ ...offer, features: true }, reach.random);
  let found: EncryptedFlight | null = null;
  const answer = await exchange(reach, sent, async (connection): Promise<HelloAnswer> => {
    const read = (received: Uint8Array) => {
      const flight = decodeServerFlight(received);
      found = decodeEncryptedFlight(flight, { sent, received }, [own]);
      return flight.alert !== null || flight.foreign || found?.whole === true;
    };
    const reply = await connection.read({ timeoutMs: reach.answerMs, maxBytes: 65_536, until: read });
    const flight = decodeServerFlight(reply.bytes);
    if (flight.alert !== null) return { kind: 'refused', alert: flight.alert };
    return flight.hello === null ? { kind: 'silent' } : { kind: 'flight', flight };
  });
  return answer.kind === 'refused' ? 'refused' : found;
}
