import { isoTime } from '@picket/base/clock';
import type { Hold, HoldState, StopAllResult, stopAllRequest } from '@picket/contracts/api/hold';
import type { z } from 'zod';
import { announce } from '../../jobs/channels.ts';
import { type StandingHold, standingHold } from '../../jobs/hold.ts';
import { lockScan, moveScan, settleScan, wakeHolders } from '../../jobs/settle-scan.ts';
import type { Kysely } from 'kysely';
import type { Schema } from '../../storage/schema.ts';
import { recordAudit } from '../../server/audit.ts';
import { wholeSubscription } from '../../server/access/sight.ts';
import type { AccessScope, PlatformContext } from '../../server/context.ts';
import { refuse } from '../../server/http-error.ts';
import {
  type BusyApplianceRow,
  busyAppliances,
  closeHold,
  insertHold,
  keepHold,
  movingScans,
  notePaused,
  pausedByHold,
  waitingNetworks,
} from './queries.ts';

/** An appliance on a long-poll hears at once and ends within a second; the rest is a busy machine. Seconds. */
const longPollSeconds = 5;

type StopAllRequest = z.output<typeof stopAllRequest>;

function shown(hold: StandingHold, scope: AccessScope): Hold {
  const { id, action, reason, placedAt, placedBy } = hold;
  return { id, action, reason, placedAt: isoTime(placedAt.getTime()), placedBy, mayLift: mayLift(hold, scope) };
}

function mayLift(hold: StandingHold, scope: AccessScope): boolean {
  return scope.role === 'manager' || (scope.role === 'unit-manager' && hold.placedByAccount === scope.accountId);
}

export async function readHoldState(context: PlatformContext, scope: AccessScope): Promise<HoldState> {
  const { db } = context.database;
  const hold = await standingHold(scope, db);
  const waiting = hold === null ? [] : [...(await movingScans(scope, db)), ...(await pausedByHold(scope, db, hold.id))];
  return { hold: hold && shown(hold, scope), waitingJobs: new Set(waiting).size };
}

/**
 * Places the hold first and commits it, so that nothing more is leased, wakes every appliance that has work, and only then goes
 * through the jobs. Pressed again while it stands, it stops what moves all the same and keeps the first one's reason.
 */
export async function stopAll(
  context: PlatformContext,
  scope: AccessScope,
  request: StopAllRequest,
  address: string,
): Promise<StopAllResult> {
  const { database } = context;
  const busy = await placeHold(context, scope, request, address);
  const hold = await standingHold(scope, database.db);
  if (!hold) throw notHeld();
  // The brake stops every job, of every unit; the answer tells of what the caller sees.
  const visible = new Set(await movingScans(scope, database.db));
  const stopped: number[] = [];
  for (const id of await movingScans(wholeSubscription(scope.subscriptionId), database.db)) {
    const told = await stopOne(context, scope, { id, holdId: hold.id, ...request, address });
    if (told && visible.has(id)) stopped.push(id);
  }
  await announce(database, database.db, { wake: busy.map(({ id }) => `appliance:${id}` as const) });
  return { hold: shown(hold, scope), stopped, appliances: busy.filter((one) => one.seen).map(stopsWithin) };
}

function placeHold(
  context: PlatformContext,
  scope: AccessScope,
  { action, reason }: StopAllRequest,
  address: string,
): Promise<readonly BusyApplianceRow[]> {
  const { database, clock } = context;
  return database.transaction(async (trx) => {
    const placed = await insertHold(scope, trx, { action, reason, now: new Date(clock.now()) });
    const busy = await busyAppliances(scope, trx);
    const detail = { action, reason, placed, appliances: busy.length };
    await recordAudit(scope, trx, { action: 'scan.stop-all', subject: 'subscription', detail, address });
    await announce(database, trx, { hold: true, wake: busy.map(({ id }) => `appliance:${id}` as const) });
    return busy;
  });
}

async function stopOne(
  context: PlatformContext,
  scope: AccessScope,
  stop: StopAllRequest & { readonly id: number; readonly holdId: number; readonly address: string },
): Promise<boolean> {
  const { database, clock } = context;
  const { id, holdId, action, address } = stop;
  return database.transaction(async (trx) => {
    const scan = await lockScan(scope, trx, id);
    if (!scan || !(await keepHold(scope, trx, holdId))) return false;
    const now = new Date(clock.now());
    const moved = await moveScan(scope, trx, scan, action, { now });
    if (!moved) return false;
    if (action === 'pause') await notePaused(scope, trx, { scanId: id, holdId });
    const detail = { stopAll: true };
    await recordAudit(scope, trx, { action: `scan.${action}`, subject: `scan:${id}`, detail, address });
    await settleScan(database, scope, trx, moved, now);
    return true;
  });
}

function stopsWithin(row: BusyApplianceRow): StopAllResult['appliances'][number] {
  const { id, name } = row;
  const connection = row.connection === 'long-poll' || row.connection === 'polling' ? row.connection : 'none';
  const withinSeconds = connection === 'long-poll' ? longPollSeconds : row.poll_interval_seconds + longPollSeconds;
  return { id, name, connection, withinSeconds };
}

/** What waited and what the hold itself paused go on at once; what a person paused stays so. */
export async function liftHold(context: PlatformContext, scope: AccessScope, address: string): Promise<HoldState> {
  const { database, clock } = context;
  await database.transaction(async (trx) => {
    const hold = await standingHold(scope, trx);
    if (!hold) throw notHeld();
    if (!mayLift(hold, scope)) {
      throw refuse({
        status: 403,
        code: 'hold.not-yours',
        message: `${hold.placedBy} placed this hold; a Unit Manager lifts only their own.`,
        hint: `Ask ${hold.placedBy} or a Manager.`,
      });
    }
    if (!(await closeHold(scope, trx, hold.id, new Date(clock.now()))).lifted) throw notHeld();
    const resumed = await resumePaused(context, scope, trx, { holdId: hold.id, address });
    const detail = { reason: hold.reason, placedBy: hold.placedBy, resumed };
    await recordAudit(scope, trx, { action: 'scan.lift-hold', subject: 'subscription', detail, address });
    const busy = await busyAppliances(scope, trx);
    const networks = await waitingNetworks(scope, trx);
    await announce(database, trx, {
      hold: true,
      wake: [...busy.map(({ id }) => `appliance:${id}` as const), ...networks.map((id) => `network:${id}` as const)],
    });
  });
  return readHoldState(context, scope);
}

/** After the hold was closed: nothing is paused for it any more. Gives how many jobs go on. */
async function resumePaused(
  { database, clock }: PlatformContext,
  scope: AccessScope,
  trx: Kysely<Schema>,
  { holdId, address }: { readonly holdId: number; readonly address: string },
): Promise<number> {
  let resumed = 0;
  // Of every unit, as the stop was.
  for (const id of await pausedByHold(wholeSubscription(scope.subscriptionId), trx, holdId)) {
    const scan = await lockScan(scope, trx, id);
    const now = new Date(clock.now());
    const moved = scan && (await moveScan(scope, trx, scan, 'resume', { now }));
    if (!moved) continue;
    resumed += 1;
    const detail = { liftedHold: holdId };
    await recordAudit(scope, trx, { action: 'scan.resume', subject: `scan:${id}`, detail, address });
    await settleScan(database, scope, trx, moved, now);
    await wakeHolders(database, scope, trx, id);
  }
  return resumed;
}

function notHeld() {
  return refuse({
    status: 409,
    code: 'hold.none',
    message: 'Nothing is held: somebody lifted it before.',
    hint: 'Reload the page.',
  });
}
