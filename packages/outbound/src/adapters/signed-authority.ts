import { randomBytes } from 'node:crypto';
import { err, ok, type Result } from '@picket/base/result';
import { appliancePaths } from '@picket/contracts/protocol';
import { signedAuthority, signedAuthorityText } from '@picket/contracts/signed-authority';
import type { Connector } from '../connector.ts';
import { type OutboundFailure, plainFailure } from '../failure.ts';
import { originOf } from '../origin.ts';
import { parseJson } from '../signed-client.ts';
import { unverifiedGet } from './unverified-get.ts';

export interface AuthorityRequest {
  /** `https://host:port`. */
  readonly origin: string;
  readonly connector: Connector;
  /** Judges a signature of the platform that is known by its key. */
  readonly verifyPlatform: (bytes: Uint8Array, signature: Uint8Array) => boolean;
  readonly deadlineMs: number;
  readonly signal?: AbortSignal;
}

/**
 * The fingerprint of the authority that vouches for the platform now (null: a public one), signed by the platform for this very question. The TLS
 * session is not verified: its certificate is what can't be judged without the answer. Nothing but the question is sent in it.
 */
export async function fetchSignedAuthority(request: AuthorityRequest): Promise<Result<string | null, OutboundFailure>> {
  const { host } = originOf(request.origin);
  const nonce = randomBytes(32).toString('base64url');
  const fetched = await unverifiedGet({ ...request, target: `${appliancePaths.authority}?nonce=${nonce}` });
  if (!fetched.ok) return fetched;
  const answer = signedAuthority.safeParse(parseJson(Buffer.from(fetched.value, 'latin1')));
  if (!answer.success) return err(plainFailure(host, 'answer', 'no signed authority'));
  const { caSha256, byPlatform } = answer.data;
  const isSigned = request.verifyPlatform(
    signedAuthorityText(nonce, caSha256),
    new Uint8Array(Buffer.from(byPlatform, 'base64url')),
  );
  return isSigned ? ok(caSha256) : err(plainFailure(host, 'signature', 'signed authority'));
}
