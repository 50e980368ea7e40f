import type { SignedLease } from '@picket/contracts/lease';
import { emptyResume } from '@picket/contracts/resume';
import type { Kysely } from 'kysely';
import type { ApplianceScope } from '../../appliance-protocol/authenticate.ts';
import { applyExclusions } from '../../jobs/apply-exclusions.ts';
import { announce } from '../../jobs/channels.ts';
import { isHeld } from '../../jobs/hold.ts';
import { hoursOfScans } from '../../jobs/scan-windows.ts';
import { type LockedScan, lockScan, moveScan, settleScan } from '../../jobs/settle-scan.ts';
import { storedBlocks, storedPlan } from '../../jobs/stored-plan.ts';
import type { PlatformContext } from '../../server/context.ts';
import type { Schema } from '../../storage/schema.ts';
import { fairOrder, rateShare, type WaitingScan } from './domain/rate-share.ts';
import { leaseDocument, signLease } from './lease-document.ts';
import { portionOf } from './portion.ts';
import { grantableScan, heldDocument, resumeOf, takeSlice } from './queries.ts';
import type { DispatchSettings } from './settings.ts';

/** A window that ends sooner is not begun: the slice would come back at once. */
const shortestWindowMs = 10_000;

/** An appliance that was heard of within this time shares the rate of a job. */
const sharingSilenceMs = 90_000;

/** Leases up to `capacity` slices to the appliance, round robin between the jobs that wait; whether they still do is looked at again. */
export async function grantLeases(
  context: PlatformContext,
  settings: DispatchSettings,
  scope: ApplianceScope,
  capacity: number,
  scans: readonly WaitingScan[],
): Promise<readonly SignedLease[]> {
  const granted: SignedLease[] = [];
  let waiting = scans;
  while (granted.length < capacity) {
    const next = fairOrder(waiting)[0];
    if (!next) break;
    const lease = await context.database.transaction((trx) => grantOne(context, settings, scope, trx, next.scanId));
    if (lease) {
      granted.push(lease);
      waiting = waiting.map((scan) => (scan === next ? { ...scan, leased: scan.leased + 1 } : scan));
    } else waiting = waiting.filter((scan) => scan !== next);
  }
  return granted;
}

async function grantOne(
  context: PlatformContext,
  settings: DispatchSettings,
  scope: ApplianceScope,
  trx: Kysely<Schema>,
  scanId: number,
): Promise<SignedLease | null> {
  const scan = await lockScan(scope, trx, scanId);
  if (!scan || (scan.status !== 'queued' && scan.status !== 'running')) return null;
  // After the job's lock: a hold that is not seen here waits for this lock, and then finds the lease.
  if (await isHeld(scope, trx)) return null;
  const now = context.clock.now();
  const hours = (await hoursOfScans(scope, trx, [scanId], now)).get(scanId);
  if (!hours?.open || (hours.until !== null && hours.until - now < shortestWindowMs)) return null;
  // Under the same lock: an exclusion that is not seen here waits for it, and then cuts the lease.
  if (await applyExclusions(context.database, scope, trx, scan, new Date(now))) {
    const settled = await settleScan(context.database, scope, trx, scan, new Date(now));
    if (settled.status !== scan.status) return null;
  }
  const found = await grantableScan(scope, trx, scanId, new Date(now - sharingSilenceMs));
  if (!found) return null;
  const plan = storedPlan.parse(found.plan);
  const rate = rateShare({
    scanRate: plan.profile.packetsPerSecond,
    leased: found.rates,
    appliances: found.appliances,
  });
  if (rate === null) return null;
  const sliceId = await portionOf(scope, trx, {
    scanId,
    now: new Date(now),
    onlineSince: new Date(now - sharingSilenceMs),
    appliances: found.appliances,
    hostsAtOnce: plan.profile.hostsAtOnce,
  });
  if (sliceId === null) return null;
  const leaseId = context.random.uuid();
  const expiresAt = now + settings.leaseSeconds * 1000;
  const slice = await takeSlice(scope, trx, {
    scanId,
    sliceId,
    leaseId,
    rate,
    now: new Date(now),
    expiresAt: new Date(expiresAt),
    notAfter: hours.until === null ? null : new Date(hours.until),
  });
  if (!slice) return null;
  await startScan(context, scope, trx, scan, new Date(now));
  const document = leaseDocument({
    leaseId,
    applianceId: scope.applianceId,
    scanId,
    sliceId: slice.sliceId,
    networkId: scan.networkId,
    attempt: slice.attempt,
    issuedAt: now,
    expiresAt,
    deadline: found.deadline?.getTime() ?? now + settings.deadlineSeconds * 1000,
    notAfter: hours.until,
    blocks: storedBlocks.parse(slice.blocks),
    intrusive: found.intrusive,
    rate,
    plan,
    resume: slice.attempt > 1 ? await resumeOf(scope, trx, slice.sliceId) : emptyResume,
  });
  return signLease(document, context.keys.platform);
}

async function startScan(
  context: PlatformContext,
  scope: ApplianceScope,
  trx: Kysely<Schema>,
  scan: LockedScan,
  now: Date,
): Promise<void> {
  await moveScan(scope, trx, scan, 'granted', { now });
  await announce(context.database, trx, { scans: [scan.id], appliances: [scope.applianceId] });
}

/** Writes the document of a held lease again, for a holder that never got it. Null when it is held no more. */
export async function deliverAgain(
  context: PlatformContext,
  scope: ApplianceScope,
  leaseId: string,
): Promise<SignedLease | null> {
  return context.database.transaction(async (trx) => {
    const held = await heldDocument(scope, trx, leaseId);
    if (!held || held.leased_at === null || held.expires_at === null || held.rate === null) return null;
    const issuedAt = held.leased_at.getTime();
    const document = leaseDocument({
      leaseId,
      applianceId: scope.applianceId,
      scanId: held.scan_id,
      sliceId: held.id,
      networkId: held.network_id,
      attempt: held.attempt,
      issuedAt,
      expiresAt: held.expires_at.getTime(),
      deadline: held.deadline?.getTime() ?? issuedAt + 86_400_000,
      notAfter: held.not_after?.getTime() ?? null,
      blocks: storedBlocks.parse(held.blocks),
      intrusive: held.intrusive,
      rate: held.rate,
      plan: storedPlan.parse(held.plan),
      resume: held.attempt > 1 ? await resumeOf(scope, trx, held.id) : emptyResume,
    });
    return signLease(document, context.keys.platform);
  });
}
