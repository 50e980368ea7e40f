import { isoTime } from '@picket/base/clock';
import { type PollAnswer, type PollRequest, pollRequest } from '@picket/contracts/poll';
import { protocolLevel } from '@picket/contracts/protocol';
import { scanNetwork } from '@picket/contracts/scan-network';
import type { WantedBundle } from '@picket/contracts/updates';
import { type ApplianceScope, authenticateAppliance } from '../../appliance-protocol/authenticate.ts';
import { withoutSwitchedOff } from '../../appliance-protocol/domain/switched-scan-network.ts';
import { readBody } from '../../appliance-protocol/read-body.ts';
import type { SignedCall } from '../../appliance-protocol/signed-route.ts';
import { announce } from '../../jobs/channels.ts';
import { desiredOf } from '../../jobs/domain/scan-state.ts';
import { requeue } from '../../jobs/requeue.ts';
import { hoursOfScans } from '../../jobs/scan-windows.ts';
import { lockScan, moveScan, settleScan } from '../../jobs/settle-scan.ts';
import type { WakeHub } from '../../jobs/wake-hub.ts';
import type { PlatformContext } from '../../server/context.ts';
import { judgeUnnamed } from './domain/lost-leases.ts';
import { moveOf } from './domain/move.ts';
import { recordDoctor } from './doctor.ts';
import { differs, hasNewSettings, pollNews } from './domain/poll-news.ts';
import { deliverAgain, grantLeases } from './grant.ts';
import { type HeldLease, heldLeases, type LeaseState, recordPoll, renewLeases } from './queries.ts';
import { recordNetworkErrors } from './network-errors.ts';
import { recordProgress, recordScanNetwork } from './scan-network.ts';
import { type PollFacts, readPollFacts } from './poll-facts.ts';
import type { DispatchSettings } from './settings.ts';
import { isNews, lastReport, recordUpdates, wantedFor } from './updates.ts';

export interface DispatchDeps {
  readonly context: PlatformContext;
  readonly settings: DispatchSettings;
  readonly hub: WakeHub;
}

/** An appliance that already was told and did not follow yet is answered after so long, so that it does not spin. */
const repeatMs = 250;

/**
 * One poll: takes what the appliance says, then answers with its work and the states its leases should be in. While there
 * is nothing to say the answer is held, without a database connection, until a notification wakes it or time is over.
 */
export async function poll(deps: DispatchDeps, call: SignedCall): Promise<PollAnswer> {
  const { context, hub, settings } = deps;
  const scope = await authenticateAppliance(context, call);
  const request = readBody(pollRequest, call.body);
  const began = context.clock.monotonic();
  const news = hub.subscribe([`appliance:${scope.applianceId}`]);
  try {
    let facts = await readPollFacts(scope, context.database.db, request);
    // Older software does not say what it goes by: what is changed while it waits is news all the same.
    const known = request.settings ?? facts.settings;
    await takeReport(deps, scope, request, facts.leases);
    const holdSeconds = facts.features.scanServices ? settings.holdSeconds : 0;
    const until = began + Math.min(request.waitSeconds, holdSeconds) * 1000;
    for (let round = 1; ; round += 1) {
      // By name: a lease that this poll does not know of may have been taken from the appliance. Its next poll names all and is told.
      const { called } = news;
      if (until > began) news.watch(facts.networks.map((id) => `network:${id}` as const));
      // Under watch, so that nothing is missed in between, and after a report that changes them.
      if (until > began || tellsOf(request, facts)) facts = await readPollFacts(scope, context.database.db, request);
      const { answer, states } = await currentAnswer(deps, scope, request, { facts, signal: call.signal });
      const kind = pollNews(states, answer);
      const left = until - context.clock.monotonic();
      const { updates = [] } = answer.settings;
      const asked = answer.settings.examine !== undefined && round > 1;
      const urgent =
        kind === 'grant' ||
        asked ||
        hasNewSettings(known, answer.settings) ||
        (await hasUpdates(context, scope, request, updates));
      if (urgent || called || left <= 0 || call.signal.aborted || (kind === 'change' && round > 1)) return answer;
      await news.next(kind === 'change' ? Math.min(left, repeatMs) : left, call.signal);
      if (call.signal.aborted) return answer;
    }
  } finally {
    news.close();
  }
}

/** Whether what the report says is part of the facts: an examination is owed no more, leases are renewed. */
function tellsOf({ doctor, leases }: PollRequest, facts: PollFacts): boolean {
  return doctor !== undefined || leases.length > 0 || facts.leases.length > 0;
}

/** Most polls name no wanted bundle and ask nothing more. */
async function hasUpdates(
  context: PlatformContext,
  scope: ApplianceScope,
  request: PollRequest,
  wanted: readonly WantedBundle[],
): Promise<boolean> {
  return wanted.length > 0 && isNews(wanted, await lastReport(scope, context.database.db, request.updates));
}

/** Stores what the poll says: contact, facts, leases renewed, pauses and restarts that happened. */
async function takeReport(
  deps: DispatchDeps,
  scope: ApplianceScope,
  request: PollRequest,
  before: readonly HeldLease[],
): Promise<void> {
  const { context, settings } = deps;
  const { database } = context;
  const now = context.clock.now();
  await recordPoll(scope, database.db, request, new Date(now));
  await recordNetworkErrors(scope, database.db, request, new Date(now));
  const { scanNetwork: document, updates } = request;
  const changed = [
    document !== undefined && (await recordScanNetwork(scope, database.db, document, new Date(now))),
    updates !== undefined && (await recordUpdates(scope, database, updates, new Date(now))),
  ];
  if (request.doctor) await recordDoctor(scope, database.db, request.doctor);
  if (request.applying) await recordProgress(scope, database.db, request.applying, new Date(now));
  await renewLeases(scope, database.db, request.leases, new Date(now + settings.leaseSeconds * 1000));
  const states = new Map(request.leases.map((lease) => [lease.leaseId, lease.state]));
  const moved = before.filter((held) => states.has(held.leaseId) && needsMove(held, states.get(held.leaseId)));
  for (const scanId of new Set(moved.map((held) => held.scanId))) await followReport(deps, scope, scanId);
  const forgotten = before.filter(
    (held) => !states.has(held.leaseId) && judgeUnnamed(unnamed(held, now), request.spool.events) === 'requeue',
  );
  if (forgotten.length > 0)
    await database.transaction((trx) => requeue(database, scope, trx, forgotten, new Date(now)));
  // The poll itself was told of as it was recorded.
  if (changed.includes(true) || tellsMore(request))
    await announce(database, database.db, { appliances: [scope.applianceId] });
}

function tellsMore({ leases, doctor, applying, networkErrors = [], communicationFailures = [] }: PollRequest): boolean {
  const told = leases.length + networkErrors.length + communicationFailures.length;
  return told > 0 || doctor !== undefined || applying !== undefined;
}

function unnamed(held: HeldLease, now: number): { reported: string | null; ageMs: number } {
  return { reported: held.reported, ageMs: now - held.leasedAt.getTime() };
}

function needsMove(held: HeldLease, state: string | undefined): boolean {
  if (state === 'paused') return held.scanStatus === 'pausing';
  return state === 'running' && held.scanStatus === 'queued';
}

/** A holder paused, or works again: the job may have come to rest, or runs again. */
async function followReport(deps: DispatchDeps, scope: ApplianceScope, scanId: number): Promise<void> {
  const { database, clock } = deps.context;
  await database.transaction(async (trx) => {
    const scan = await lockScan(scope, trx, scanId);
    if (!scan) return;
    const now = new Date(clock.now());
    if (scan.status === 'queued') await moveScan(scope, trx, scan, 'granted', { now });
    await settleScan(database, scope, trx, scan, now);
  });
}

async function currentAnswer(
  deps: DispatchDeps,
  scope: ApplianceScope,
  request: PollRequest,
  { facts, signal }: { readonly facts: PollFacts; readonly signal: AbortSignal },
): Promise<{ readonly answer: PollAnswer; readonly states: ReadonlyMap<string, LeaseState> }> {
  const { context } = deps;
  const updates = await wantedFor(scope, context.database.db, request.updates, context.clock.now());
  const work = signal.aborted || facts.held ? [] : await workFor(deps, scope, request, facts);
  // What was taken from a lease meanwhile may be what is granted now: the word on the lease must not be older than the grant.
  const held = work.length === 0 ? facts.leases : await heldLeases(scope, context.database.db);
  const scanIds = [...new Set(held.map(({ scanId }) => scanId))];
  const hours = await hoursOfScans(scope, context.database.db, scanIds, context.clock.now());
  // A blackout made after the lease was given holds too, as long as the appliance can be told.
  const desired = (lease: HeldLease) => desiredUnder(facts.held || hours.get(lease.scanId)?.open === false, lease);
  const byId = new Map(held.map((lease) => [lease.leaseId, lease]));
  const named = request.leases.map(({ leaseId }) => {
    const lease = byId.get(leaseId);
    if (lease) return wordOn(lease, desired(lease));
    const reason = 'The slice ended, was canceled, or another appliance took it over.';
    return { leaseId, desired: 'stop' as const, expiresAt: isoTime(context.clock.now()), reason };
  });
  const states = new Map(request.leases.map((lease) => [lease.leaseId, lease.state]));
  for (const lease of held) if (lease.reported !== null) states.set(lease.leaseId, lease.reported);
  const known = new Set(named.map((word) => word.leaseId));
  const others = held.filter((lease) => !known.has(lease.leaseId) && differs(stateOf(lease), desired(lease)));
  for (const lease of others) states.set(lease.leaseId, stateOf(lease));
  const answer = {
    level: protocolLevel,
    serverTime: isoTime(context.clock.now()),
    settings: {
      ...facts.settings,
      longPoll: facts.features.scanServices,
      ...(facts.document === null
        ? {}
        : { scanNetwork: withoutSwitchedOff(scanNetwork.parse(facts.document), facts.features) }),
      ...(updates.length === 0 ? {} : { updates: [...updates] }),
      ...(facts.examine === null ? {} : { examine: { id: facts.examine } }),
      ...moveOf(context.config.moveAppliancesTo, request.enrolment),
    },
    leases: [...named, ...others.map((lease) => wordOn(lease, desired(lease)))],
    granted: [...work],
  };
  return { answer, states };
}

/** A lease of which nothing was heard yet was granted a moment ago and runs. */
function stateOf(lease: HeldLease): LeaseState {
  return lease.reported ?? 'running';
}

type Desired = ReturnType<typeof desiredOf>;

/** While a hold stands or the windows are shut nothing runs, whatever its job would have. */
function desiredUnder(held: boolean, lease: HeldLease): Desired {
  const desired = desiredOf(lease.scanStatus);
  return held && desired === 'run' ? 'pause' : desired;
}

function wordOn(lease: HeldLease, desired: Desired): PollAnswer['leases'][number] {
  return {
    leaseId: lease.leaseId,
    desired,
    expiresAt: isoTime(lease.expiresAt.getTime()),
  };
}

async function workFor(deps: DispatchDeps, scope: ApplianceScope, request: PollRequest, facts: PollFacts) {
  const { context } = deps;
  const named = new Set(request.leases.map((lease) => lease.leaseId));
  const now = context.clock.now();
  const missing = facts.leases.filter((lease) => !named.has(lease.leaseId));
  const again = [];
  for (const lease of missing) {
    if (judgeUnnamed(unnamed(lease, now), request.spool.events) !== 'deliver-again') continue;
    const delivered = await deliverAgain(context, scope, lease.leaseId);
    if (delivered) again.push(delivered);
  }
  const free = request.spool.full ? 0 : request.capacity - missing.length;
  return [...again, ...(await grantLeases(context, deps.settings, scope, free, facts.waiting))];
}
