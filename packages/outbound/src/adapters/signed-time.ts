import { randomBytes, verify, X509Certificate } from 'node:crypto';
import { err, ok, type Result } from '@picket/base/result';
import { appliancePaths } from '@picket/contracts/protocol';
import { type SignedTime, signedTime, signedTimeText } from '@picket/contracts/signed-time';
import type { Connector } from '../connector.ts';
import { type OutboundFailure, plainFailure } from '../failure.ts';
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
  const nonce = randomBytes(32).toString('base64url');
  const fetched = await unverifiedGet({ ...request, target: `${appliancePaths.time}?nonce=${nonce}` });
  if (!fetched.ok) return fetched;
  const answer = signedTime.safeParse(parseJson(Buffer.from(fetched.value, 'latin1')));
  if (!answer.success) return err(plainFailure(host, 'answer', 'no signed time'));
  if (!isSigned(answer.data, nonce, request)) return err(plainFailure(host, 'signature', 'signed time'));
  return ok(Date.parse(answer.data.time));
}

function isSigned(answer: SignedTime, nonce: string, { ca, verifyPlatform }: TimeRequest): boolean {
  const text = signedTimeText(nonce, answer.time);
  if (verifyPlatform?.(text, Buffer.from(answer.byPlatform, 'base64url')) === true) return true;
  if (ca === null || answer.byAuthority === null) return false;
  const key = { key: new X509Certificate(ca).publicKey, dsaEncoding: 'ieee-p1363' } as const;
  return verify('sha256', text, key, Buffer.from(answer.byAuthority, 'base64url'));
}
