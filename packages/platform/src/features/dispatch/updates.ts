import type { PollRequest } from '@picket/contracts/poll';
import {
  type KindReport,
  type UpdateReport,
  type UpdateState,
  updateReport,
  type WantedBundle,
} from '@picket/contracts/updates';
import type { Kysely } from 'kysely';
import { type ApplianceScope, revoked } from '../../appliance-protocol/authenticate.ts';
import { recordEvent } from '../../jobs/outbox.ts';
import type { Database } from '../../storage/database.ts';
import type { Schema } from '../../storage/schema.ts';
import { currentReleases } from '../../updates/current-releases.ts';
import { isDue, ownMinute } from '../../updates/domain/update-schedule.ts';

/** The same words are written down again after so long: when they were said last is right to this. */
const freshMs = 10 * 60_000;

/**
 * Takes over what an appliance says of its updates. The first word of an appliance is its activation: it gets everything at once. True when
 * it said something new.
 */
export async function recordUpdates(
  scope: ApplianceScope,
  database: Database,
  report: UpdateReport,
  now: Date,
): Promise<boolean> {
  if (await isKnown(scope, database.db, report, new Date(now.getTime() - freshMs))) return false;
  await database.transaction(async (trx) => {
    const before = await lastReport(scope, trx, undefined);
    for (const what of kinds) {
      if (newlyFailed(before?.[what], report[what])) await tellFailure(scope, trx, { what, report: report[what], now });
    }
    await storeReport(scope, trx, report, now);
  });
  return true;
}

/** What nearly every poll says is what the one before said: then nothing is written. */
async function isKnown(scope: ApplianceScope, db: Kysely<Schema>, report: UpdateReport, since: Date): Promise<boolean> {
  const row = await db
    .selectFrom('appliance_update')
    .select('appliance_id')
    .where('subscription_id', '=', scope.subscriptionId)
    .where('appliance_id', '=', scope.applianceId)
    .where('report', '=', JSON.stringify(report))
    .where('reported_at', '>', since)
    .executeTakeFirst();
  return row !== undefined;
}

const kinds = ['content', 'software'] as const;

async function storeReport(scope: ApplianceScope, db: Kysely<Schema>, report: UpdateReport, now: Date): Promise<void> {
  const values = { report: JSON.stringify(report), reported_at: now };
  await db
    .insertInto('appliance_update')
    .values({ subscription_id: scope.subscriptionId, appliance_id: scope.applianceId, asked_at: now, ...values })
    .onConflict((conflict) => conflict.columns(['subscription_id', 'appliance_id']).doUpdateSet(values))
    .execute();
}

/** It failed or fell back, and had not told of that attempt before. */
function newlyFailed(before: KindReport | undefined, now: KindReport): boolean {
  return isFailure(now) && (before?.state !== now.state || before.sha256 !== now.sha256 || before.now !== now.now);
}

function isFailure({ state }: KindReport): boolean {
  return state === 'failed' || state === 'fell-back';
}

async function tellFailure(
  scope: ApplianceScope,
  db: Kysely<Schema>,
  { what, report, now }: { readonly what: 'content' | 'software'; readonly report: KindReport; readonly now: Date },
): Promise<void> {
  const { version = null, code = null, detail = null } = report;
  const { name } = await db
    .selectFrom('appliance')
    .select('name')
    .where('subscription_id', '=', scope.subscriptionId)
    .where('id', '=', scope.applianceId)
    .executeTakeFirstOrThrow(revoked);
  const { applianceId } = scope;
  await recordEvent(scope, db, { kind: 'update.failed', applianceId, name, what, version, code, detail }, now);
}

/** The bundles that the appliance should have and does not use: those that are due. None for one that takes no updates. */
export async function wantedFor(
  scope: ApplianceScope,
  db: Kysely<Schema>,
  said: PollRequest['updates'],
  now: number,
): Promise<readonly WantedBundle[]> {
  if (said === undefined || said.refuses !== null) return [];
  const current = (await currentReleases(scope, db)).filter(({ kind, version }) => said[kind].inUse !== version);
  if (current.length === 0) return [];
  const row = await db
    .selectFrom('appliance_update')
    .select(['minute', 'asked', 'asked_at'])
    .where('subscription_id', '=', scope.subscriptionId)
    .where('appliance_id', '=', scope.applianceId)
    .executeTakeFirst();
  const minute = row?.minute ?? ownMinute(scope.applianceId);
  const askedAt = row?.asked_at?.getTime() ?? null;
  return current
    .filter(({ currentAt }) => isDue({ now, minute, currentAt: currentAt.getTime(), askedAt }))
    .map(({ kind, version, sha256, bytes, rollback }) => ({
      kind,
      version,
      sha256,
      bytes,
      rollback,
      now: row?.asked ?? 0,
    }));
}

/** Steps that an appliance ends before it looks at another offer; it polls again when they are over. */
const untouched: ReadonlySet<UpdateState> = new Set(['verifying', 'unpacking', 'switching', 'confirming']);

/** What the appliance said last, in whichever poll: one that is held may be older than what a poll beside it told. */
export async function lastReport(
  scope: ApplianceScope,
  db: Kysely<Schema>,
  said: PollRequest['updates'],
): Promise<PollRequest['updates']> {
  const row = await db
    .selectFrom('appliance_update')
    .select('report')
    .where('subscription_id', '=', scope.subscriptionId)
    .where('appliance_id', '=', scope.applianceId)
    .executeTakeFirst();
  return (
    updateReport
      .optional()
      .catch(said)
      .parse(row?.report ?? undefined) ?? said
  );
}

/** Whether one of them is news for the appliance: it has not taken it up, or somebody asked again since. */
export function isNews(wanted: readonly WantedBundle[], said: PollRequest['updates']): boolean {
  if (said === undefined) return false;
  return wanted.some(({ kind, sha256, now }) => {
    const { state, sha256: known, now: acted = 0 } = said[kind];
    return !untouched.has(state) && (known !== sha256 || acted < now);
  });
}
