import { type Kysely, sql, type Transaction } from 'kysely';
import type { PlatformContext } from '../server/context.ts';
import type { Schema } from '../storage/schema.ts';
import type { ApplianceScope } from './authenticate.ts';
import { type InstanceState, judgeSequence, windowFromText, windowToText } from './domain/replay.ts';

/** Which request of which process: `instance` is a UUID, `sequence` counts from 1. */
export interface RequestOrder {
  readonly instance: string;
  readonly sequence: number;
}

/** Who sent a request, as it says by its key. */
export interface Sender {
  readonly scope: ApplianceScope;
  readonly publicKey: string | null;
  readonly state: string;
  /** The process that may speak for it. */
  readonly currentInstance: string | null;
  /** Of the process that sent the request; null: never heard of. */
  readonly known: InstanceState | null;
}

/** By the id of a key, and the process that is said to hold it. */
export async function readSender(
  db: Kysely<Schema>,
  keyId: string,
  instance: string | null,
): Promise<Sender | undefined> {
  const row = await db
    .selectFrom('appliance')
    .leftJoin('appliance_instance as process', (join) =>
      join
        .onRef('process.subscription_id', '=', 'appliance.subscription_id')
        .onRef('process.appliance_id', '=', 'appliance.id')
        .on('process.instance', '=', instance),
    )
    .select(['appliance.subscription_id', 'appliance.id', 'public_key', 'state', 'current_instance'])
    .select(['high_sequence', sql<string | null>`seen_window::text`.as('window'), 'superseded_at'])
    .where('key_id', '=', keyId)
    .executeTakeFirst();
  if (!row) return undefined;
  const { high_sequence: high, window, superseded_at: supersededAt } = row;
  return {
    scope: { subscriptionId: row.subscription_id, applianceId: row.id },
    publicKey: row.public_key,
    state: row.state,
    currentInstance: row.current_instance,
    known: high === null || window === null ? null : stateOf(high, window, supersededAt),
  };
}

/**
 * The way of nearly every request: the process that speaks for an active appliance uses its next number, in one statement without a lock
 * that is held. False when anything is out of the ordinary, or another request was faster; nothing was done then.
 */
export async function advanceSequence(
  { database, clock }: PlatformContext,
  { subscriptionId, applianceId }: ApplianceScope,
  { state, currentInstance, known }: Sender,
  { instance, sequence }: RequestOrder,
): Promise<boolean> {
  if (state !== 'active' || currentInstance !== instance || known === null) return false;
  const verdict = judgeSequence(known, sequence, clock.now());
  if (verdict.kind !== 'accept') return false;
  // Only on what was judged: a number can't pass twice on two replicas.
  const { numAffectedRows } = await sql`
    update appliance_instance set high_sequence = ${verdict.state.high}, seen_window = ${windowToText(verdict.state.window)}::bigint,
      last_seen = ${new Date(clock.now())}
    where subscription_id = ${subscriptionId} and appliance_id = ${applianceId} and instance = ${instance}
      and high_sequence = ${known.high} and seen_window = ${windowToText(known.window)}::bigint and superseded_at is null
      and exists (select 1 from appliance where subscription_id = ${subscriptionId} and id = ${applianceId}
        and state = 'active' and current_instance = ${instance})`.execute(database.db);
  return numAffectedRows === 1n;
}

/** Locked until the end of the transaction. */
export async function lockAppliance(
  trx: Transaction<Schema>,
  scope: ApplianceScope,
): Promise<{ readonly state: string; readonly currentInstance: string | null } | undefined> {
  return trx
    .selectFrom('appliance')
    .select(['state', 'current_instance as currentInstance'])
    .where('subscription_id', '=', scope.subscriptionId)
    .where('id', '=', scope.applianceId)
    .forNoKeyUpdate()
    .executeTakeFirst();
}

/** What is kept of one process of an appliance, locked as well against `advanceSequence`; null: it was never heard of. */
export async function readInstance(
  trx: Transaction<Schema>,
  scope: ApplianceScope,
  instance: string,
): Promise<InstanceState | null> {
  const row = await trx
    .selectFrom('appliance_instance')
    .select(['high_sequence', 'superseded_at', sql<string>`seen_window::text`.as('window')])
    .where('subscription_id', '=', scope.subscriptionId)
    .where('appliance_id', '=', scope.applianceId)
    .where('instance', '=', instance)
    .forNoKeyUpdate()
    .executeTakeFirst();
  return row ? stateOf(row.high_sequence, row.window, row.superseded_at) : null;
}

/** Keeps what `judgeSequence` accepted. The row of the appliance is locked. */
export async function storeInstance(
  trx: Transaction<Schema>,
  scope: ApplianceScope,
  seen: { instance: string; state: InstanceState; now: number; supersede: boolean },
): Promise<void> {
  const at = new Date(seen.now);
  const values = { high_sequence: seen.state.high, seen_window: windowToText(seen.state.window), last_seen: at };
  await trx
    .insertInto('appliance_instance')
    .values({
      subscription_id: scope.subscriptionId,
      appliance_id: scope.applianceId,
      instance: seen.instance,
      first_seen: at,
      ...values,
    })
    .onConflict((conflict) => conflict.columns(['subscription_id', 'appliance_id', 'instance']).doUpdateSet(values))
    .execute();
  if (!seen.supersede) return;
  await trx
    .updateTable('appliance_instance')
    .set({ superseded_at: at })
    .where('subscription_id', '=', scope.subscriptionId)
    .where('appliance_id', '=', scope.applianceId)
    .where('instance', '<>', seen.instance)
    .where('superseded_at', 'is', null)
    .execute();
  await trx
    .updateTable('appliance')
    .set({ current_instance: seen.instance })
    .where('subscription_id', '=', scope.subscriptionId)
    .where('id', '=', scope.applianceId)
    .execute();
}

function stateOf(high: number, window: string, supersededAt: Date | null): InstanceState {
  return { high, window: windowFromText(window), supersededAt: supersededAt?.getTime() ?? null };
}
