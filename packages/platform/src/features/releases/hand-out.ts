import { applianceProblems } from '@picket/contracts/protocol';
import { bundleRangeRequest, updateLimits } from '@picket/contracts/updates';
import { authenticateAppliance, requireStillActive } from '../../appliance-protocol/authenticate.ts';
import { readBody } from '../../appliance-protocol/read-body.ts';
import type { SignedCall, SignedReply } from '../../appliance-protocol/signed-route.ts';
import { refuse } from '../../server/http-error.ts';
import { isOffered } from './queries.ts';
import type { ReleaseDeps } from './service.ts';

/** A part of a bundle, for an appliance that is active. Fewer bytes than asked for: the end, or the limit of one answer. */
export async function handOut({ context, files }: ReleaseDeps, call: SignedCall): Promise<SignedReply> {
  const scope = await authenticateAppliance(context, call);
  await requireStillActive(context, scope);
  const { sha256, offset, length } = readBody(bundleRangeRequest, call.body);
  const offered = await isOffered(scope, context.database.db, sha256);
  const part = offered ? await files.read(sha256, offset, Math.min(length, updateLimits.rangeBytes)) : null;
  if (part === null) {
    throw refuse({
      status: 404,
      code: applianceProblems.releaseGone,
      message: 'There is no such release any more.',
      hint: 'The next poll names what there is.',
    });
  }
  return { status: 200, body: part };
}
