import { canonicalIp } from '@picket/base/ip';
import type { listLedgerQuery } from '@picket/contracts/api/scan';
import { type Kysely, sql } from 'kysely';
import type { z } from 'zod';
import { seen, underSeen } from '../../server/access/seen.ts';
import type { AccessScope } from '../../server/context.ts';
import { countLimit } from '../../server/page-cursor.ts';
import type { Schema } from '../../storage/schema.ts';

export type LedgerQuery = z.output<typeof listLedgerQuery>;

export interface SubjectPage {
  readonly subjects: readonly string[];
  readonly total: number;
}

export async function scanExists(scope: AccessScope, db: Kysely<Schema>, scanId: number): Promise<boolean> {
  const row = await db
    .selectFrom(seen(scope, 'scan'))
    .select('id')
    .where('subscription_id', '=', scope.subscriptionId)
    .where('id', '=', scanId)
    .executeTakeFirst();
  return row !== undefined;
}

/** Addresses of hosts that are up, in order of address, after `after`. */
export async function hostPage(
  scope: AccessScope,
  db: Kysely<Schema>,
  scanId: number,
  query: LedgerQuery,
  after: string | null,
): Promise<SubjectPage> {
  const matching = sql`
    from ${seen(scope, 'scan_fact')} where scan_fact.subscription_id = ${scope.subscriptionId} and scan_fact.scan_id = ${scanId} and scan_fact.type = 'host' and scan_fact.event ->> 'state' = 'up'
      and (${query.state ?? null}::text is null or exists (select 1 from ${underSeen('unit')} where unit.subscription_id = scan_fact.subscription_id
        and unit.scan_id = scan_fact.scan_id and unit.address = scan_fact.address and unit.state = ${query.state ?? null}::text))`;
  const { rows } = await sql<{ address: string }>`
    select host(scan_fact.address) as address ${matching} and (${after}::inet is null or scan_fact.address > ${after}::inet)
    order by scan_fact.address limit ${query.limit + 1}`.execute(db);
  const counted = await sql<{
    total: number;
  }>`select count(*) as total from (select 1 ${matching} limit ${countLimit}) counted`.execute(db);
  return { subjects: rows.map((row) => canonicalIp(row.address) ?? row.address), total: counted.rows[0]?.total ?? 0 };
}

/** Blocks in the order of their slices. The cursor is the place in that order. */
export async function blockPage(
  scope: AccessScope,
  db: Kysely<Schema>,
  scanId: number,
  query: LedgerQuery,
  offset: number,
): Promise<SubjectPage> {
  const filtered = db
    .selectFrom(seen(scope, 'unit'))
    .where('subscription_id', '=', scope.subscriptionId)
    .where('scan_id', '=', scanId)
    .where('phase', '=', 'discovery')
    .$if(query.state !== undefined, (q) => q.where('state', '=', query.state ?? 'pending'));
  const rows = await filtered
    .select('subject')
    .orderBy(sql`split_part(subject, '-', 1)::inet`)
    .offset(offset)
    .limit(query.limit + 1)
    .execute();
  const counted = await filtered.select(({ fn }) => fn.countAll<number>().as('total')).executeTakeFirstOrThrow();
  return { subjects: rows.map((row) => row.subject), total: counted.total };
}

/** What a job saw of these hosts: reason, operating system, open ports with their services. */
export async function hostFacts(
  scope: AccessScope,
  db: Kysely<Schema>,
  scanId: number,
  addresses: readonly string[],
): Promise<readonly unknown[]> {
  if (addresses.length === 0) return [];
  const { rows } = await sql<{ event: unknown }>`
    select scan_fact.event from json_array_elements_text(${JSON.stringify(addresses)}::json) as given (address)
    join ${seen(scope, 'scan_fact')} on scan_fact.subscription_id = ${scope.subscriptionId} and scan_fact.scan_id = ${scanId} and scan_fact.address = given.address::inet
    where scan_fact.type in ('host', 'port', 'service', 'os') order by scan_fact.address, scan_fact.port`.execute(db);
  return rows.map((row) => row.event);
}
