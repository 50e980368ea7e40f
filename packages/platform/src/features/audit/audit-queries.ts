import { auditEntry } from '@picket/contracts/api/session';
import type { AuditFilter } from '@picket/contracts/api/sign-in';
import { type Kysely, type SqlBool, sql } from 'kysely';
import type { z } from 'zod';
import type { AccessScope } from '../../server/context.ts';
import { countLimit } from '../../server/page-cursor.ts';
import type { Schema } from '../../storage/schema.ts';

export type EntryRow = Awaited<ReturnType<typeof listEntries>>[number];

/** An entry as the API gives it. */
export function shownEntry(row: EntryRow): z.output<typeof auditEntry> {
  const { subscription_id: _tenant, at, detail, ...rest } = row;
  return { ...rest, at: at.toISOString(), detail: auditEntry.shape.detail.catch({}).parse(detail) };
}

/** Entries below an id, newest first. */
export async function listEntries(
  scope: AccessScope,
  db: Kysely<Schema>,
  filter: AuditFilter,
  from: { readonly before: number | null; readonly limit: number },
) {
  let query = db.selectFrom('audit_entry').selectAll().where(matches(scope, filter));
  if (from.before !== null) query = query.where('id', '<', from.before);
  return query.orderBy('id', 'desc').limit(from.limit).execute();
}

export async function countEntries(scope: AccessScope, db: Kysely<Schema>, filter: AuditFilter): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*) as n from (
      select 1 from audit_entry where ${matches(scope, filter)} limit ${countLimit}
    ) counted`.execute(db);
  return rows[0]?.n ?? 0;
}

/** An action that ends in a dot is the beginning of several. */
function matches(scope: AccessScope, filter: AuditFilter) {
  const parts = [sql<SqlBool>`subscription_id = ${scope.subscriptionId}`];
  if (filter.from !== undefined) parts.push(sql`at >= ${new Date(filter.from)}`);
  if (filter.to !== undefined) parts.push(sql`at < ${new Date(filter.to)}`);
  if (filter.actor !== undefined) parts.push(sql`lower(actor) = ${filter.actor.toLowerCase()}`);
  if (filter.action?.endsWith('.')) parts.push(sql`starts_with(action, ${filter.action})`);
  else if (filter.action !== undefined) parts.push(sql`action = ${filter.action}`);
  return sql<SqlBool>`${sql.join(parts, sql` and `)}`;
}
