import { randomBytes, verify, X509Certificate } from 'node:crypto';
import { err, ok, type Result } from '@picket/base/result';
import { appliancePaths } from '@picket/contracts/protocol';
import { type SignedTime, signedTime, signedTimeText } from '@picket/contracts/signed-time';
import type { Connector } from '../connector.ts';
import { type OutboundFailure, plainFailure } from '../failure.ts';
import type { HttpClient, HttpRequest } from '../http-client.ts';
import { originOf } from '../origin.ts';
import { parseJson } from '../signed-client.ts';
import { unverifiedGet } from './unverified-get.ts';

export interface TimeRequest {
  /** `https://host:port`. */
  readonly origin: string;
  readonly connector: Connector;
  /** Who may sign it: the platform's own pinned authority (PEM), */
  readonly ca: string | null;
  /** or its key, once it is known. One of the two is enough. */
  readonly verifyPlatform: ((bytes: Uint8Array, signature: Uint8Array) => boolean) | null;
  readonly deadlineMs: number;
  readonly signal?: AbortSignal;
}

/**
 * The platform's time in milliseconds since the epoch, signed for this very question. The TLS session is not verified: the certificate is what can't be
 * judged without the time. The answer may be as old as the question took.
 */
export async function fetchSignedTime(request: TimeRequest): Promise<Result<number, OutboundFailure>> {
  const { host } = originOf(request.origin);
  const nonce = newNonce();
  const fetched = await unverifiedGet({ ...request, target: targetFor(nonce) });
  return fetched.ok ? readTime(host, Buffer.from(fetched.value, 'latin1'), nonce, request) : fetched;
}

/** Whether the platform with this key answers at the place of a client, whose TLS session is verified as always; gives its time. */
export async function confirmPlatform(
  http: HttpClient,
  verifyPlatform: NonNullable<TimeRequest['verifyPlatform']>,
  bounds: Pick<HttpRequest, 'deadlineMs' | 'signal'>,
): Promise<Result<number, OutboundFailure>> {
  const { host } = originOf(http.origin);
  const nonce = newNonce();
  const question = { method: 'GET', target: targetFor(nonce), headers: {}, body: new Uint8Array() } as const;
  const answer = await http.request({ ...question, ...bounds, maxAnswerBytes: 65_536 });
  if (!answer.ok) return answer;
  if (answer.value.status !== 200) return err(plainFailure(host, 'answer', `HTTP ${answer.value.status}`));
  return readTime(host, answer.value.body, nonce, { ca: null, verifyPlatform });
}

const newNonce = () => randomBytes(32).toString('base64url');
const targetFor = (nonce: string) => `${appliancePaths.time}?nonce=${nonce}`;

type Trusted = Pick<TimeRequest, 'ca' | 'verifyPlatform'>;

function readTime(host: string, body: Uint8Array, nonce: string, trusted: Trusted): Result<number, OutboundFailure> {
  const answer = signedTime.safeParse(parseJson(body));
  if (!answer.success) return err(plainFailure(host, 'answer', 'no signed time'));
  if (!isSigned(answer.data, nonce, trusted)) return err(plainFailure(host, 'signature', 'signed time'));
  return ok(Date.parse(answer.data.time));
}

function isSigned(answer: SignedTime, nonce: string, { ca, verifyPlatform }: Trusted): boolean {
  const text = signedTimeText(nonce, answer.time);
  if (verifyPlatform?.(text, Buffer.from(answer.byPlatform, 'base64url')) === true) return true;
  if (ca === null || answer.byAuthority === null) return false;
  const key = { key: new X509Certificate(ca).publicKey, dsaEncoding: 'ieee-p1363' } as const;
  return verify('sha256', text, key, Buffer.from(answer.byAuthority, 'base64url'));
}
