import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Schema } from '../storage/schema.ts';
import type { TenantScope } from './settle-scan.ts';

/** A hold that stands. */
export interface StandingHold {
  readonly id: number;
  readonly action: 'pause' | 'cancel';
  readonly reason: string;
  readonly placedAt: Date;
  readonly placedBy: string;
  readonly placedByAccount: number;
}

/** The hold that "Stop all" placed and nobody has lifted yet, or null. */
export async function standingHold(scope: TenantScope, db: Kysely<Schema>): Promise<StandingHold | null> {
  const row = await db
    .selectFrom('hold')
    .select(['id', 'action', 'reason', 'placed_at', 'placed_by', 'placed_by_account'])
    .where('subscription_id', '=', scope.subscriptionId)
    .where('lifted_at', 'is', null)
    .executeTakeFirst();
  if (!row) return null;
  return {
    id: row.id,
    action: row.action,
    reason: row.reason,
    placedAt: row.placed_at,
    placedBy: row.placed_by,
    placedByAccount: row.placed_by_account,
  };
}

/** Whether the subscription is held: nothing may be leased, and nothing that a schedule wants may be launched. */
export async function isHeld(scope: TenantScope, db: Kysely<Schema>): Promise<boolean> {
  const { rows } = await sql<{ held: boolean }>`select ${heldNow(scope.subscriptionId)} as held`.execute(db);
  return rows[0]?.held === true;
}

/** The same within a query that asks for more. */
export function heldNow(subscriptionId: number): RawBuilder<boolean> {
  return sql<boolean>`exists (select 1 from hold where hold.subscription_id = ${subscriptionId} and hold.lifted_at is null)`;
}

/** Why a job does not move while a hold stands, as a sentence with the way out. */
export function heldReason(hold: Pick<StandingHold, 'placedAt' | 'placedBy' | 'reason'>): string {
  return `Stop all has been in force since ${hold.placedAt.toISOString()} (${hold.placedBy}: ${hold.reason}). The job goes on once somebody lifts it.`;
}
