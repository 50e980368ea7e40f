import { profiles } from '@picket/plan/profile';
import { scanRequest } from '@picket/contracts/api/scan';
import { emptyScanNetwork } from '@picket/contracts/scan-network';
import { type Kysely, sql } from 'kysely';
import type { StoredPlan } from '../jobs/stored-plan.ts';
import type { Schema } from '../storage/schema.ts';

/** What one business unit has. Every text in it holds the unit's canary, every address begins with one of its prefixes. */
export interface TestUnit {
  readonly canary: string;
  /** Beginnings of its addresses, with the last dot. */
  readonly prefixes: readonly string[];
  readonly unit: number;
  readonly group: number;
  readonly network: number;
  readonly asset: number;
  readonly detection: number;
  readonly scan: number;
  readonly map: number;
  readonly appliance: number;
  readonly schedule: number;
  /** Options that its reader saved for themselves. */
  readonly profile: number;
  readonly account: number;
  /** To the unit and its group. */
  readonly invitation: number;
  /** A Unit Manager of the unit: not among those whom another Unit Manager administers. */
  readonly head: number;
}

const seededAt = new Date(1_700_000_000_000);

type Tenant = { readonly db: Kysely<Schema>; readonly subscription: number };

/**
 * A unit with one of everything: a network of its own (10.N.0.0/16), half of a shared network (172.20.N.0/24), assets,
 * detections, a running scan, a finished map, an appliance, a group and people.
 */
export async function seedUnit(tenant: Tenant, canary: string, number: number, shared: number): Promise<TestUnit> {
  const { db, subscription } = tenant;
  const one = { subscription_id: subscription };
  const prefixes = [`10.${number}.`, `172.20.${number}.`];
  const unit = await idOf(
    db,
    sql`insert into business_unit (subscription_id, name, comments)
    values (${subscription}, ${`${canary} unit`}, ${canary}) returning id`,
  );
  const network = await idOf(
    db,
    sql`insert into network (subscription_id, name) values (${subscription}, ${`${canary} net`}) returning id`,
  );
  const group = await idOf(
    db,
    sql`insert into asset_group (subscription_id, name, comments, business_unit_id)
    values (${subscription}, ${`${canary} group`}, ${canary}, ${unit}) returning id`,
  );
  const places = [
    { network, first: `10.${number}.0.0`, last: `10.${number}.255.255` },
    { network: shared, first: `172.20.${number}.0`, last: `172.20.${number}.255` },
  ];
  for (const place of places) {
    const range = {
      ...one,
      network_id: place.network,
      kind: 'range' as const,
      first_address: place.first,
      last_address: place.last,
    };
    await db.insertInto('network_range').values(range).execute();
    await db
      .insertInto('asset_group_range')
      .values({ ...range, asset_group_id: group })
      .execute();
  }
  const appliance = await seedAppliance(tenant, canary, number, [network, shared]);
  await db
    .insertInto('asset_group_appliance')
    .values({ ...one, asset_group_id: group, appliance_id: appliance })
    .execute();
  const scan = await seedScan(tenant, { canary, kind: 'scan', status: 'running', network, number, appliance });
  const map = await seedScan(tenant, { canary, kind: 'map', status: 'finished', network, number, appliance });
  const found = [];
  for (const [index, place] of places.entries()) {
    found.push(
      await seedAsset(tenant, {
        canary,
        network: place.network,
        address: `${prefixes[index]}${index === 0 ? '0.7' : '7'}`,
        scan,
      }),
    );
  }
  const account = await seedAccount(tenant, canary, 'reader', unit);
  const head = await seedAccount(tenant, `${canary}-head`, 'unit-manager', unit);
  await db
    .insertInto('asset_group_account')
    .values({ ...one, asset_group_id: group, account_id: account })
    .execute();
  const schedule = await idOf(
    db,
    sql`insert into schedule (subscription_id, name, zone, recurrence, request, enabled, overlap, catch_up_minutes, owner_account, owner_login)
      values (${subscription}, ${`${canary} weekly`}, 'UTC', ${JSON.stringify({ kind: 'once', start: '2040-01-01T00:00' })},
        ${JSON.stringify(scanRequest.parse({ kind: 'scan', networkId: network, targets: `10.${number}.0.0/24` }))}, false, 'skip', 0,
        ${account}, ${canary}) returning id`,
  );
  const invitation = await idOf(
    db,
    sql`insert into invitation (subscription_id, token_hash, login, name, email, role, business_unit_id, invited_by, invited_by_login, valid_days, sent_at, expires_at)
      values (${subscription}, ${new TextEncoder().encode(canary)}, ${`${canary}-guest`}, ${`${canary} guest`}, ${`guest@${canary}.example`}, 'reader', ${unit},
        ${head}, ${`${canary}-head`}, 7, ${seededAt}, ${new Date(4_000_000_000_000)}) returning id`,
  );
  await db
    .insertInto('asset_group_invitation')
    .values({ ...one, asset_group_id: group, invitation_id: invitation })
    .execute();
  const profile = await idOf(
    db,
    sql`insert into option_profile (subscription_id, name, options, everybody, owner_account, owner_login, updated_by)
      values (${subscription}, ${`${canary} options`}, ${JSON.stringify({ ports: '22' })}, false, ${account}, ${canary}, ${canary}) returning id`,
  );
  const [first] = found;
  return {
    canary,
    prefixes,
    unit,
    group,
    network,
    ...(first ?? { asset: 0, detection: 0 }),
    scan,
    map,
    appliance,
    schedule,
    profile,
    account,
    invitation,
    head,
  };
}

async function idOf(db: Kysely<Schema>, insert: ReturnType<typeof sql>): Promise<number> {
  const { rows } = await sql<{ id: number }>`${insert}`.execute(db);
  return rows[0]?.id ?? 0;
}

function seedAccount({ db, subscription }: Tenant, login: string, role: string, unit: number): Promise<number> {
  return idOf(
    db,
    sql`insert into account (subscription_id, login, name, email, role, password_hash, business_unit_id)
    values (${subscription}, ${login}, ${`${login} person`}, ${`${login}@example.org`}, ${role}, '-', ${unit}) returning id`,
  );
}

async function seedAppliance(
  { db, subscription }: Tenant,
  canary: string,
  number: number,
  networks: readonly number[],
): Promise<number> {
  const one = { subscription_id: subscription };
  const now = seededAt;
  const trouble = JSON.stringify([{ code: 'test', message: canary }]);
  const id = await idOf(
    db,
    sql`insert into appliance (subscription_id, name, state, kind, lan_address, hostname, trouble, last_contact)
    values (${subscription}, ${`box-${canary}`.slice(0, 15)}, 'active', 'virtual', ${`10.${number}.0.2`}, ${canary}, ${trouble}, ${now}) returning id`,
  );
  for (const network_id of networks)
    await db
      .insertInto('appliance_network')
      .values({ ...one, appliance_id: id, network_id })
      .execute();
  const key = { ...one, appliance_id: id };
  const document = JSON.stringify({ ...emptyScanNetwork, generation: 1 });
  await db
    .insertInto('appliance_scan_network')
    .values({ ...key, generation: 1, document, changed_at: now, changed_by: canary, detail: canary })
    .execute();
  await db
    .insertInto('appliance_doctor')
    .values({ ...key, request_id: uuid(number), requested_at: now, requested_by: canary })
    .execute();
  await db
    .insertInto('appliance_network_error')
    .values({
      ...key,
      report_id: uuid(number),
      code: '07',
      description: canary,
      e_code: 'E01',
      raised_at: now,
      reported_at: now,
    })
    .execute();
  await db
    .insertInto('appliance_update')
    .values({ ...key, minute: number })
    .execute();
  return id;
}

const uuid = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;

async function seedScan(
  { db, subscription }: Tenant,
  job: { canary: string; kind: 'scan' | 'map'; status: string; network: number; number: number; appliance: number },
): Promise<number> {
  const one = { subscription_id: subscription };
  const { canary, number } = job;
  const range = `10.${number}.0.0-10.${number}.0.255`;
  const plan: StoredPlan = {
    kind: job.kind,
    phases: ['discovery', 'ports'],
    ranges: [range],
    exclusions: [],
    excluded: [],
    optionProfile: null,
    names: [{ name: `${canary}.example`, addresses: [`10.${number}.0.7`] }],
    ports: { tcp: '22', udp: '' },
    profile: { ...profiles.normal },
    assumeAlive: false,
    slices: 1,
    estimate: { addresses: '256', ports: 1, packets: '256', rate: 100, seconds: 3 },
  };
  const request = scanRequest.parse({
    kind: job.kind,
    networkId: job.network,
    targets: `10.${number}.0.0/24`,
    title: canary,
  });
  const id = await idOf(
    db,
    sql`insert into scan (subscription_id, kind, title, status, network_id, request, plan, created_by, started_at)
    values (${subscription}, ${job.kind}, ${`${canary} ${job.kind}`}, ${job.status}, ${job.network}, ${JSON.stringify(request)},
      ${JSON.stringify(plan)}, ${canary}, now()) returning id`,
  );
  await db
    .insertInto('scan_range')
    .values({ ...one, scan_id: id, first_address: `10.${number}.0.0`, last_address: `10.${number}.0.255` })
    .execute();
  const slice = await idOf(
    db,
    sql`insert into slice (subscription_id, scan_id, number, blocks, state, appliance_id, detail)
    values (${subscription}, ${id}, 1, ${JSON.stringify([range])}, 'leased', ${job.appliance}, ${canary}) returning id`,
  );
  const address = `10.${number}.0.7`;
  const unit = {
    ...one,
    scan_id: id,
    slice_id: slice,
    state: 'not-evaluable' as const,
    reason: 'internal-error',
    detail: canary,
  };
  await db
    .insertInto('unit')
    .values({ ...unit, phase: 'ports', subject: address, address })
    .execute();
  await db
    .insertInto('unit')
    .values({ ...unit, phase: 'discovery', subject: range })
    .execute();
  const at = seededAt;
  const event = {
    type: 'host',
    unit: { phase: 'discovery', subject: range },
    time: at.toISOString(),
    address,
    state: 'up',
    reason: 'syn-ack',
    names: [{ name: `${canary}.example`, source: 'ptr' }],
  };
  await db
    .insertInto('scan_fact')
    .values({
      ...one,
      scan_id: id,
      key: 'host',
      slice_id: slice,
      type: 'host',
      address,
      event: JSON.stringify(event),
      at,
    })
    .execute();
  await db
    .insertInto('scan_note')
    .values({
      ...one,
      scan_id: id,
      slice_id: slice,
      seq: 1,
      at,
      level: 'warning',
      code: 'test',
      message: canary,
      address,
    })
    .execute();
  return id;
}

async function seedAsset(
  { db, subscription }: Tenant,
  host: { canary: string; network: number; address: string; scan: number },
): Promise<{ asset: number; detection: number }> {
  const one = { subscription_id: subscription };
  const { canary, scan } = host;
  const at = seededAt;
  const names = JSON.stringify([{ name: `${canary}.example`, source: 'ptr' }]);
  const asset = await idOf(
    db,
    sql`insert into asset (subscription_id, network_id, address, name, names, os, first_seen, last_seen)
    values (${subscription}, ${host.network}, ${host.address}, ${`${canary}.example`}, ${names}, ${canary}, ${at}, ${at}) returning id`,
  );
  await db
    .insertInto('service')
    .values({
      ...one,
      asset_id: asset,
      protocol: 'tcp',
      port: 80,
      state: 'open',
      service: 'http',
      product: canary,
      info: canary,
      first_seen: at,
      last_seen: at,
      scan_id: scan,
    })
    .execute();
  const detection = await idOf(
    db,
    sql`insert into detection
      (subscription_id, asset_id, check_id, name, severity, severity_rank, proof, status, evidence, content_version, first_seen, last_seen, last_tested, scan_id)
    values (${subscription}, ${asset}, 'test-check', ${`weak ${canary}`}, 'high', 3, 'version-banner', 'new',
      ${JSON.stringify({ response: canary })}, '1', ${at}, ${at}, ${at}, ${scan}) returning id`,
  );
  await db
    .insertInto('detection_history')
    .values({ ...one, detection_id: detection, at, scan_id: scan, to_status: 'new' })
    .execute();
  return { asset, detection };
}
