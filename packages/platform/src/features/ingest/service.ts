import type { SpooledEvent } from '@picket/contracts/event';
import type { UploadAnswer } from '@picket/contracts/poll';
import { applianceLimits, applianceProblems } from '@picket/contracts/protocol';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import { type ApplianceScope, authenticateAppliance } from '../../appliance-protocol/authenticate.ts';
import { headerOf } from '../../appliance-protocol/signed-request.ts';
import type { SignedCall, SignedReply } from '../../appliance-protocol/signed-route.ts';
import { announce } from '../../jobs/channels.ts';
import { restScan } from '../../jobs/give-back.ts';
import { lockScan, settleScan } from '../../jobs/settle-scan.ts';
import { blocksSet, hostPhases, storedBlocks, storedPlan } from '../../jobs/stored-plan.ts';
import type { PlatformContext } from '../../server/context.ts';
import { refuse } from '../../server/http-error.ts';
import type { Schema } from '../../storage/schema.ts';
import { gunzip } from './adapters/gunzip.ts';
import { lockStream, moveStream, ownEvents } from './batch-context.ts';
import { clampTimes } from './domain/clamp-times.ts';
import { cancelAtConsole } from './cancel-at-console.ts';
import { readBatch } from './domain/batch.ts';
import { foldScan } from './domain/fold-scan.ts';
import { markSilent, storeDetections } from './store-detections.ts';
import { tellCritical } from './tell-critical.ts';
import { closeServices, storeAssets, storeServices } from './store-inventory.ts';
import { endSlices, markRevision, storeFacts, storeNotes, storeSent, storeUnits } from './store-ledger.ts';
import { storeProbes } from './store-probes.ts';

const uploadQuery = z.object({
  stream: z.string().regex(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/),
  first: z.coerce
    .number()
    .int()
    .positive()
    .max(Number.MAX_SAFE_INTEGER - applianceLimits.batchEvents),
  count: z.coerce.number().int().positive().max(applianceLimits.batchEvents),
});
type UploadQuery = z.output<typeof uploadQuery>;

/** One batch of a spool: read and checked as a whole, then stored and acknowledged in one transaction. */
export async function upload(context: PlatformContext, call: SignedCall): Promise<SignedReply> {
  const scope = await authenticateAppliance(context, call);
  const query = readQuery(call);
  const events = await readEvents(call, query);
  const next = await context.database.transaction((trx) => storeBatch(context, scope, trx, query, events));
  if (query.first > next) return gapReply(call, query, next);
  const body: UploadAnswer = { next };
  return { status: 200, body };
}

function readQuery(call: SignedCall): UploadQuery {
  const parsed = uploadQuery.safeParse(call.request.query);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw refuse({
    status: 400,
    code: 'request.malformed',
    message: `The upload's ${issue?.path.join('.') ?? 'query'} is not valid: ${issue?.message ?? ''}.`,
    hint: `Name stream (a UUID), first and count (1 to ${applianceLimits.batchEvents}).`,
  });
}

async function readEvents(call: SignedCall, query: UploadQuery): Promise<readonly SpooledEvent[]> {
  if (headerOf(call.request, 'content-encoding') !== 'gzip') {
    throw refuse({
      status: 415,
      code: 'events.not-compressed',
      message: 'The batch is not marked as gzip.',
      hint: 'Compress it and send content-encoding: gzip.',
    });
  }
  const unpacked = await gunzip(call.body, applianceLimits.batchBytesUnpacked);
  if (!unpacked.ok) {
    const large = unpacked.error === 'too-large';
    throw refuse({
      status: large ? 413 : 400,
      code: large ? 'events.too-large' : 'events.malformed',
      message: large
        ? `The batch unpacks to more than ${applianceLimits.batchBytesUnpacked} bytes.`
        : 'The batch is cut short or is no gzip.',
      hint: large ? 'Send fewer events at a time.' : 'Pack it anew from the spool and send it again.',
    });
  }
  const batch = readBatch(unpacked.value, { first: query.first, count: query.count });
  if (batch.ok) return batch.value;
  const { code, detail } = batch.error;
  throw refuse({
    status: code === 'events.too-large' ? 413 : 400,
    code,
    message: detail,
    hint: 'Nothing of the batch was stored. Send it again from the spool.',
  });
}

/** Answers with the next event that is wanted: beyond the batch, or before it when there is a gap and nothing was stored. */
async function storeBatch(
  context: PlatformContext,
  scope: ApplianceScope,
  trx: Kysely<Schema>,
  query: UploadQuery,
  events: readonly SpooledEvent[],
): Promise<number> {
  const next = await lockStream(scope, trx, query.stream);
  if (query.first > next) return next;
  const fresh = events.slice(next - query.first);
  if (fresh.length === 0) return next;
  const { own, grantedAt } = await ownEvents(scope, trx, fresh);
  if (own.length < fresh.length) {
    const events = fresh.length - own.length;
    context.log.write('warning', 'ingest.unknown-lease', { appliance: scope.applianceId, events });
  }
  const now = new Date(context.clock.now());
  const timed = clampTimes(own, (lease) => ({ grantedAt: grantedAt.get(lease) ?? 0, now: now.getTime() }));
  const byScan = Map.groupBy(timed, (event) => event.scan);
  for (const scanId of [...byScan.keys()].sort((a, b) => a - b))
    await storeScan(context, scope, trx, { id: scanId, events: byScan.get(scanId) ?? [], now });
  const after = query.first + query.count;
  await moveStream(scope, trx, query.stream, after, now);
  return after;
}

async function storeScan(
  context: PlatformContext,
  scope: ApplianceScope,
  trx: Kysely<Schema>,
  part: { readonly id: number; readonly events: readonly SpooledEvent[]; readonly now: Date },
): Promise<void> {
  const { id: scanId, events, now } = part;
  const scan = await lockScan(scope, trx, scanId);
  // Deleted meanwhile: nobody wants the events, and the spool must not wait for them.
  if (!scan) return;
  const sliceIds = [...new Set(events.map((event) => event.slice))];
  const { kind, ...foldWith } = await foldContext(scope, trx, scanId, sliceIds);
  const folded = foldScan(events, foldWith);
  const target = { subscriptionId: scope.subscriptionId, scanId, networkId: scan.networkId };
  await storeUnits(target, trx, folded.units, now);
  await storeProbes(target, trx, folded.units);
  await storeFacts(target, trx, folded.facts);
  await markRevision(target, trx);
  await storeNotes(target, trx, folded);
  await storeSent(target, trx, folded);
  const assetIds = await storeAssets(target, trx, folded);
  await storeServices(target, trx, folded.facts, assetIds);
  await closeServices(target, trx, folded, assetIds);
  const raised = await storeDetections(target, trx, folded, assetIds);
  await tellCritical(target, trx, raised, new Date(context.clock.now()));
  if (kind === 'scan') await markSilent(target, trx, folded.discovered);
  if (folded.outOfScope > 0) {
    context.log.write('warning', 'ingest.out-of-scope', {
      appliance: scope.applianceId,
      scan: scanId,
      events: folded.outOfScope,
    });
  }
  const after = await cancelAtConsole(context.database, scope, trx, scan, { endings: folded.endings, now });
  const ended = await endSlices(target, trx, folded.endings, after, now);
  if (ended || after !== scan) await settleScan(context.database, scope, trx, after, now);
  if (folded.endings.some((ending) => ending.reason === 'window-closed')) await restScan(scope, trx, scanId, now);
  // The rate of an ended slice is free for the next one.
  const wake = ended ? [`network:${scan.networkId}` as const] : [];
  await announce(context.database, trx, { scans: [scanId], wake, detections: raised.map((id) => ({ scanId, id })) });
}

async function foldContext(scope: ApplianceScope, trx: Kysely<Schema>, scanId: number, sliceIds: readonly number[]) {
  const { plan } = await trx
    .selectFrom('scan')
    .select('plan')
    .where('subscription_id', '=', scope.subscriptionId)
    .where('id', '=', scanId)
    .executeTakeFirstOrThrow();
  const slices = await trx
    .selectFrom('slice')
    .select(['id', 'blocks'])
    .where('subscription_id', '=', scope.subscriptionId)
    .where('id', 'in', sliceIds)
    .execute();
  const scopes = new Map(slices.map((slice) => [slice.id, blocksSet(storedBlocks.parse(slice.blocks))]));
  const parsed = storedPlan.parse(plan);
  return { kind: parsed.kind, hostPhases: hostPhases(parsed), ports: parsed.ports, scopes };
}

/** A problem for people and, as the contract says, an `uploadAnswer` for the appliance. */
function gapReply(call: SignedCall, query: UploadQuery, next: number): SignedReply {
  return {
    status: 409,
    body: {
      type: 'about:blank',
      title: 'Conflict',
      status: 409,
      code: applianceProblems.uploadGap,
      detail: `The batch begins at event ${query.first}, but the platform has the stream only up to ${next - 1}.`,
      hint: `Send from event ${next}.`,
      requestId: call.request.id,
      next,
    },
  };
}
