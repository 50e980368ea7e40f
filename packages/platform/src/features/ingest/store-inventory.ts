import { canonicalIp } from '@picket/base/ip';
import { bestName, mergeNames } from '@picket/contracts/map/host-facts';
import { type Kysely, sql } from 'kysely';
import { z } from 'zod';
import type { Schema } from '../../storage/schema.ts';
import type { Fact, FoldedScan, HostSighting } from './domain/fold-types.ts';

/** Where the rows of a fold go. */
export interface FoldTarget {
  readonly subscriptionId: number;
  readonly scanId: number;
  readonly networkId: number;
}

const storedNames = z.array(z.object({ name: z.string(), source: z.string() })).catch([]);

/** Ids of the assets that a fold speaks of, by address; those of hosts that were seen are made or renewed. */
export async function storeAssets(
  target: FoldTarget,
  trx: Kysely<Schema>,
  folded: FoldedScan,
): Promise<ReadonlyMap<string, number>> {
  const others = folded.observations.map((one) => ('event' in one ? one.event.address : one.address));
  const addresses = [...new Set([...folded.hosts.map((host) => host.address), ...others])].sort();
  if (addresses.length === 0) return new Map();
  const known = await sql<{ id: number; address: string; names: unknown }>`
    select asset.id, host(asset.address) as address, asset.names
    from json_array_elements_text(${JSON.stringify(addresses)}::json) as given (address)
    join asset on asset.subscription_id = ${target.subscriptionId} and asset.network_id = ${target.networkId}
      and asset.address = given.address::inet
    order by asset.id for update of asset`.execute(trx);
  const ids = new Map(known.rows.map((row) => [canonicalIp(row.address) ?? row.address, row.id]));
  const names = new Map(
    known.rows.map((row) => [canonicalIp(row.address) ?? row.address, storedNames.parse(row.names)]),
  );
  for (const [address, id] of await upsertAssets(target, trx, folded.hosts, names)) ids.set(address, id);
  return ids;
}

async function upsertAssets(
  target: FoldTarget,
  trx: Kysely<Schema>,
  hosts: readonly HostSighting[],
  known: ReadonlyMap<string, HostSighting['names']>,
): Promise<readonly (readonly [string, number])[]> {
  if (hosts.length === 0) return [];
  const rows = hosts
    .map((host) => {
      const names = mergeNames(known.get(host.address) ?? [], host.names);
      return {
        address: host.address,
        names,
        name: bestName(names),
        mac: host.mac,
        mac_vendor: host.macVendor,
        os: host.os?.name ?? null,
        os_confidence: host.os?.confidence ?? null,
        os_evidence: host.os?.evidence ?? null,
        first_at: host.firstAt,
        last_at: host.lastAt,
      };
    })
    .sort((a, b) => (a.address < b.address ? -1 : 1));
  const stored = await sql<{ id: number; address: string }>`
    insert into asset (subscription_id, network_id, address, name, names, mac, mac_vendor, os, os_confidence, os_evidence, first_seen,
      last_seen)
    select ${target.subscriptionId}, ${target.networkId}, address, name, names, mac, mac_vendor, os, os_confidence, os_evidence,
      first_at, last_at
    from json_to_recordset(${JSON.stringify(rows)}::json)
      as given (address inet, name text, names jsonb, mac text, mac_vendor text, os text, os_confidence real,
        os_evidence text, first_at timestamptz, last_at timestamptz)
    on conflict (subscription_id, network_id, address) do update set
      name = excluded.name, names = excluded.names,
      os = case when excluded.os_confidence is null then coalesce(asset.os, excluded.os) else excluded.os end,
      os_confidence = coalesce(excluded.os_confidence, asset.os_confidence),
      os_evidence = coalesce(excluded.os_evidence, asset.os_evidence),
      mac = coalesce(excluded.mac, asset.mac),
      mac_vendor = case when excluded.mac is null or excluded.mac = asset.mac then coalesce(excluded.mac_vendor, asset.mac_vendor)
        else excluded.mac_vendor end,
      first_seen = least(asset.first_seen, excluded.first_seen), last_seen = greatest(asset.last_seen, excluded.last_seen)
    returning id, host(address) as address`.execute(trx);
  return stored.rows.map((row) => [canonicalIp(row.address) ?? row.address, row.id]);
}

/** Makes and renews services from ports and from what speaks on them. */
export async function storeServices(
  target: FoldTarget,
  trx: Kysely<Schema>,
  facts: readonly Fact[],
  assetIds: ReadonlyMap<string, number>,
): Promise<void> {
  const ports: unknown[] = [];
  const services: unknown[] = [];
  for (const { event } of facts) {
    if (event.type === 'network') continue;
    const assetId = assetIds.get(event.address);
    if (assetId === undefined) continue;
    const place = { asset_id: assetId, at: event.time };
    if (event.type === 'port' && (event.state === 'open' || event.state === 'open|filtered')) {
      ports.push({ ...place, protocol: event.protocol, port: event.port, state: event.state, reason: event.reason });
    }
    if (event.type === 'service') {
      const {
        protocol,
        port,
        service,
        tunnel,
        vendor,
        product,
        version,
        info,
        cpes,
        confidence,
        method,
        evidence,
        tls,
      } = event;
      services.push({
        ...place,
        protocol,
        port,
        service,
        tunnel,
        vendor,
        product,
        version,
        info,
        cpes,
        confidence,
        method,
        evidence,
        tls,
      });
    }
  }
  if (ports.length > 0) await upsertPorts(target, trx, ports);
  if (services.length > 0) await upsertServices(target, trx, services);
}

async function upsertPorts(target: FoldTarget, trx: Kysely<Schema>, rows: readonly unknown[]): Promise<void> {
  await sql`
    insert into service (subscription_id, asset_id, protocol, port, state, reason, first_seen, last_seen, scan_id)
    select ${target.subscriptionId}, asset_id, protocol, port, state, reason, at, at, ${target.scanId}
    from json_to_recordset(${JSON.stringify(rows)}::json)
      as given (asset_id bigint, protocol text, port integer, state text, reason text, at timestamptz)
    on conflict (subscription_id, asset_id, protocol, port) do update set
      state = excluded.state, reason = excluded.reason, last_seen = greatest(service.last_seen, excluded.last_seen), scan_id = excluded.scan_id
    where service.scan_id is null or service.scan_id <= excluded.scan_id`.execute(trx);
}

async function upsertServices(target: FoldTarget, trx: Kysely<Schema>, rows: readonly unknown[]): Promise<void> {
  await sql`
    insert into service (subscription_id, asset_id, protocol, port, state, service, tunnel, vendor, product, version, info, cpes,
      confidence, method, evidence, tls, first_seen, last_seen, scan_id)
    select ${target.subscriptionId}, asset_id, protocol, port, 'open', service, tunnel, vendor, product, version, info, coalesce(cpes, '[]'),
      confidence, method, evidence, tls, at, at, ${target.scanId}
    from json_to_recordset(${JSON.stringify(rows)}::json)
      as given (asset_id bigint, protocol text, port integer, service text, tunnel text, vendor text, product text, version text,
        info text, cpes jsonb, confidence real, method text, evidence jsonb, tls jsonb, at timestamptz)
    on conflict (subscription_id, asset_id, protocol, port) do update set
      state = 'open', service = excluded.service, tunnel = excluded.tunnel, vendor = excluded.vendor, product = excluded.product,
      version = excluded.version, info = excluded.info, cpes = excluded.cpes, confidence = excluded.confidence, method = excluded.method,
      evidence = excluded.evidence, tls = excluded.tls, last_seen = greatest(service.last_seen, excluded.last_seen), scan_id = excluded.scan_id
    where service.scan_id is null or service.scan_id <= excluded.scan_id`.execute(trx);
}

/** Services whose port was tested closed are closed; filtered ones stay as they were, since nothing is known. */
export async function closeServices(
  target: FoldTarget,
  trx: Kysely<Schema>,
  folded: FoldedScan,
  assetIds: ReadonlyMap<string, number>,
): Promise<void> {
  const closed = folded.observations.flatMap((one) => (one.kind === 'closed' && one.ports.size > 0 ? [one] : []));
  const ids = [...new Set(closed.flatMap((one) => assetIds.get(one.address) ?? []))];
  if (ids.length === 0) return;
  const open = await trx
    .selectFrom('service')
    .select(['id', 'asset_id', 'protocol', 'port'])
    .where('subscription_id', '=', target.subscriptionId)
    .where('asset_id', 'in', ids)
    .where('state', '<>', 'closed')
    .where((eb) => eb.or([eb('scan_id', 'is', null), eb('scan_id', '<=', target.scanId)]))
    .execute();
  const gone = open.filter((row) =>
    closed.some(
      (one) => assetIds.get(one.address) === row.asset_id && one.protocol === row.protocol && one.ports.has(row.port),
    ),
  );
  if (gone.length === 0) return;
  await trx
    .updateTable('service')
    .set({ state: 'closed', reason: 'reset', scan_id: target.scanId })
    .where('subscription_id', '=', target.subscriptionId)
    .where(
      'id',
      'in',
      gone.map((row) => row.id),
    )
    .execute();
}
