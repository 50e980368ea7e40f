import { type Kysely, type RawBuilder, sql } from 'kysely';
import { seen } from '../../server/access/seen.ts';
import type { AccessScope } from '../../server/context.ts';
import type { Schema } from '../../storage/schema.ts';

/** Hosts of one window at most: what is in memory at a time. */
const windowHosts = 2000;

/** Which two jobs, both seen by the caller. `before` is the earlier side, whatever their ids. */
export interface Pair {
  readonly before: number;
  readonly after: number;
}

/** Addresses after `from` (null: the first) up to `to` (null: the last). */
export interface Window {
  readonly from: string | null;
  readonly to: string | null;
}

/** Cuts the addresses of both jobs into windows, so that each row of a fact is read once for each kind. */
export async function windowsOf(scope: AccessScope, db: Kysely<Schema>, pair: Pair): Promise<readonly Window[]> {
  const { rows } = await sql<{ address: string }>`
    select host(address) as address from (
      select address, row_number() over (order by address) as place from (
        select distinct address from ${seen(scope, 'scan_fact')} where scan_fact.subscription_id = ${scope.subscriptionId}
          and scan_fact.scan_id in (${pair.before}, ${pair.after}) and scan_fact.type = 'host') known) placed
    where place % ${windowHosts} = 0 order by placed.address`.execute(db);
  const edges = rows.map((row) => row.address);
  return [...edges, null].map((to, index) => ({ from: edges[index - 1] ?? null, to }));
}

/**
 * Facts of these types of both jobs in a window, each with the side that has it. Both sides are grouped, not joined: that takes the same
 * time whatever the database guesses of their numbers.
 */
function facts(
  scope: AccessScope,
  of: { readonly pair: Pair; readonly types: readonly string[]; readonly window: Window },
  columns: RawBuilder<unknown>,
) {
  const { pair, types, window } = of;
  const { from, to } = window;
  return sql`(select scan_fact.address, scan_fact.type, scan_fact.scan_id = ${pair.after} as later, ${columns} from ${seen(scope, 'scan_fact')}
    where scan_fact.subscription_id = ${scope.subscriptionId} and scan_fact.scan_id in (${pair.before}, ${pair.after})
      and scan_fact.type in (${sql.join([...types])})
      ${from === null ? sql`` : sql`and scan_fact.address > ${from}::inet`} ${to === null ? sql`` : sql`and scan_fact.address <= ${to}::inet`}) as told`;
}

const up = sql`scan_fact.event ->> 'state' = 'up'`;
const open = sql`scan_fact.event ->> 'state' = 'open'`;
const place = sql`scan_fact.event ->> 'protocol' as protocol, scan_fact.port, scan_fact.event ->> 'state' as state`;

export interface HostRow {
  readonly address: string;
  readonly before: string | null;
  readonly after: string | null;
  /** The other job took it as there, and did not come to ask. */
  readonly assumed: boolean;
}

/** Hosts that one of the two jobs alone found up. What was taken as there without being asked is neither found nor missed. */
export async function hostRows(scope: AccessScope, db: Kysely<Schema>, pair: Pair, window: Window) {
  const columns = sql`scan_fact.event ->> 'reason' as reason, scan_fact.event ->> 'state' as state`;
  const { rows } = await sql<HostRow>`
    select host(address) as address, before, after, assumed from (
      select address, max(reason) filter (where not later and reason <> 'assumed') as before,
        max(reason) filter (where later and reason <> 'assumed') as after, bool_or(reason = 'assumed') as assumed
      from ${facts(scope, { pair, types: ['host'], window }, columns)} where state = 'up' group by told.address) found
    where (before is null) <> (after is null) order by found.address`.execute(db);
  return rows;
}

/** What the other job, the one without the thing, says of the host of a row. */
export interface OtherColumns {
  readonly up: boolean;
  readonly portsState: string | null;
  readonly portsReason: string | null;
  readonly coverage: unknown;
}

/** Joins the other job's host and ports unit; `d` has `address` and `inLater`. */
function otherHost(scope: AccessScope, pair: Pair) {
  const id = sql`case when d."inLater" then ${pair.before}::bigint else ${pair.after}::bigint end`;
  return {
    id,
    columns: sql`ports.state as "portsState", ports.reason as "portsReason", ports.coverage`,
    join: sql`left join lateral (select state, reason, coverage from ${seen(scope, 'unit')} where unit.subscription_id = ${scope.subscriptionId}
      and unit.scan_id = ${id} and unit.address = d.address and unit.phase = 'ports' limit 1) ports on true`,
    // Limits and aggregates keep these look-ups one index scan a row: `exists` may be turned into a scan of the whole table.
    facts: sql`${seen(scope, 'scan_fact')} where scan_fact.subscription_id = ${scope.subscriptionId} and scan_fact.scan_id = ${id}
      and scan_fact.address = d.address`,
  };
}

export interface PortRow extends OtherColumns {
  readonly address: string;
  readonly protocol: 'tcp' | 'udp';
  readonly port: number;
  readonly inLater: boolean;
}

/** Ports that are open in one of the two jobs alone. */
export async function portRows(scope: AccessScope, db: Kysely<Schema>, pair: Pair, window: Window) {
  const other = otherHost(scope, pair);
  const { rows } = await sql<PortRow>`
    with d as (select address, protocol, port, bool_and(later) as "inLater" from ${facts(scope, { pair, types: ['port'], window }, place)}
      where state = 'open' group by address, protocol, port having count(*) = 1)
    select host(d.address) as address, d.protocol, d.port, d."inLater", ${other.columns}, told.up is not null as up from d ${other.join}
    left join lateral (select true as up from ${other.facts} and scan_fact.type = 'host' and ${up} limit 1) told on true
    order by d.address, d.protocol, d.port`.execute(db);
  return rows;
}

export interface ServiceRow {
  readonly address: string;
  readonly protocol: 'tcp' | 'udp';
  readonly port: number;
  readonly before: unknown;
  readonly after: unknown;
  /** State and reason of the services phase of the job that did not name it; null where both did. */
  readonly otherState: string | null;
  readonly otherReason: string | null;
}

const named = sql`${place}, case when scan_fact.type = 'service' then jsonb_build_array(scan_fact.event ->> 'service',
  scan_fact.event ->> 'vendor', scan_fact.event ->> 'product', scan_fact.event ->> 'version')::text end as service`;

/** Ports that are open in both jobs and have another service, product or version, or one in one of them alone. */
export async function serviceRows(scope: AccessScope, db: Kysely<Schema>, pair: Pair, window: Window) {
  const { rows } = await sql<ServiceRow>`
    with d as (
      select address, protocol, port, before::jsonb as before, after::jsonb as after,
        case when before is null then ${pair.before}::bigint when after is null then ${pair.after}::bigint end as other
      from (select address, protocol, port, max(service) filter (where not later) as before, max(service) filter (where later) as after
        from ${facts(scope, { pair, types: ['port', 'service'], window }, named)}
        group by address, protocol, port
        having count(*) filter (where type = 'port' and state = 'open') = 2) both_open
      where before is distinct from after)
    select host(d.address) as address, d.protocol, d.port, d.before, d.after, services.state as "otherState", services.reason as "otherReason"
    from d left join lateral (select state, reason from ${seen(scope, 'unit')} where unit.subscription_id = ${scope.subscriptionId}
      and unit.scan_id = d.other and unit.address = d.address and unit.phase = 'services' limit 1) services on true
    order by d.address, d.protocol, d.port`.execute(db);
  return rows;
}

export interface FindingRow extends OtherColumns {
  readonly address: string;
  readonly protocol: 'tcp' | 'udp' | null;
  readonly port: number | null;
  readonly check: string;
  readonly instance: string;
  readonly name: string;
  readonly before: string | null;
  readonly after: string | null;
  readonly inLater: boolean;
  readonly passed: boolean;
  readonly foundElsewhere: boolean;
  readonly notEvaluable: string | null;
  readonly checksState: string | null;
  readonly checksReason: string | null;
  readonly portOpen: boolean;
}

const finding = sql`coalesce(scan_fact.event ->> 'protocol', '') as protocol, coalesce(scan_fact.port, 0) as port, scan_fact.event ->> 'check' as "check",
  scan_fact.event ->> 'instance' as instance, scan_fact.event ->> 'name' as name, scan_fact.event ->> 'severity' as severity`;

/** Findings of one of the two jobs alone, and those of another severity. */
export async function findingRows(scope: AccessScope, db: Kysely<Schema>, pair: Pair, window: Window) {
  const other = otherHost(scope, pair);
  const here = sql`coalesce(scan_fact.event ->> 'protocol', '') = d.protocol`;
  const { rows } = await sql<FindingRow>`
    with d as (
      select address, protocol, port, "check", instance, coalesce(max(name) filter (where later), max(name)) as name,
        max(severity) filter (where not later) as before, max(severity) filter (where later) as after, bool_and(later) as "inLater"
      from ${facts(scope, { pair, types: ['finding'], window }, finding)}
      group by address, protocol, port, "check", instance
      having max(severity) filter (where not later) is distinct from max(severity) filter (where later))
    select host(d.address) as address, nullif(d.protocol, '') as protocol, nullif(d.port, 0) as port, d."check", d.instance, d.name, d.before, d.after,
      d."inLater", ${other.columns}, coalesce(told.up, false) as up, coalesce(told.passed, false) as passed, told.reason as "notEvaluable",
      coalesce(told.found, false) as "foundElsewhere", coalesce(told.open, false) as "portOpen",
      checks.state as "checksState", checks.reason as "checksReason"
    from d ${other.join}
    left join lateral (select bool_or(scan_fact.type = 'host' and ${up}) as up,
        bool_or(scan_fact.type = 'port' and ${here} and ${open}) as open,
        bool_or(scan_fact.type = 'finding' and ${here} and scan_fact.event ->> 'check' = d."check") as found,
        bool_or(scan_fact.type = 'checked' and ${here} and scan_fact.event -> 'passed' ? d."check") as passed,
        max(case when scan_fact.type = 'checked' and ${here} then (select unsure ->> 'reason'
          from jsonb_array_elements(scan_fact.event -> 'notEvaluable') as unsure where unsure ->> 'check' = d."check" limit 1) end) as reason
      from ${other.facts} and (d.before is null or d.after is null)
        and (scan_fact.type = 'host' or (scan_fact.type in ('port', 'finding', 'checked') and coalesce(scan_fact.port, 0) = d.port))) told on true
    left join lateral (select state, reason from ${seen(scope, 'unit')} where unit.subscription_id = ${scope.subscriptionId}
      and unit.scan_id = ${other.id} and unit.address = d.address and unit.phase = 'checks' limit 1) checks on true
    order by d.address, d.protocol, d.port, d."check", d.instance`.execute(db);
  return rows;
}
