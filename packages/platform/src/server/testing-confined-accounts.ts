import type { Role } from '@picket/contracts/api/session';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { confinedTables } from './access/seen.ts';
import { seedUnit, type TestUnit } from './testing-two-units.ts';
import { startTestPlatform, type TestAnswer, type TestClient, type TestPlatform } from './testing.ts';

/** Roles whose accounts see a part; one of each is in the first unit, and a Scanner has no group at all. */
export const confined: readonly Role[] = ['unit-manager', 'scanner', 'reader'];

/** A platform with two business units that share a network, and people of every role in the first one. */
export interface TwoUnits {
  readonly running: TestPlatform;
  readonly own: TestUnit;
  readonly foreign: TestUnit;
  /** A network of which each unit has half. */
  readonly shared: number;
  /** `nobody`: a Scanner without a unit and a group. */
  client(who: Role | 'nobody'): TestClient;
}

export async function startTwoUnits(): Promise<TwoUnits> {
  const running = await startTestPlatform();
  const { database, subscriptionId } = running.platform.context;
  const tenant = { db: database.db, subscription: subscriptionId };
  const { id: shared } = await database.db
    .insertInto('network')
    .values({ subscription_id: subscriptionId, name: 'Shared' })
    .returning('id')
    .executeTakeFirstOrThrow();
  const own = await seedUnit(tenant, 'kestrel', 61, shared);
  const foreign = await seedUnit(tenant, 'osprey', 62, shared);
  const clients = new Map<Role | 'nobody', TestClient>();
  for (const role of ['manager', 'auditor', ...confined] as const) clients.set(role, await running.signedIn(role));
  const confineTo = (who: Role | 'nobody', group: number | null, unit: number | null) =>
    confine(running, clients.get(who), group, unit);
  for (const role of confined) await confineTo(role, role === 'unit-manager' ? null : own.group, own.unit);
  clients.set('nobody', await running.signedIn('scanner'));
  await confineTo('nobody', null, null);
  const client = (who: Role | 'nobody'): TestClient => {
    const found = clients.get(who);
    if (!found) throw new Error(who);
    return found;
  };
  return { running, own, foreign, shared, client };
}

/** Takes the group All away; gives unit and group. */
async function confine(
  running: TestPlatform,
  client: TestClient | undefined,
  group: number | null,
  unit: number | null,
): Promise<void> {
  const { db } = running.platform.context.database;
  const { json } = (await client?.send('GET', '/api/v1/session')) ?? { json: null };
  const accountId: number = json.user.id;
  await db.deleteFrom('asset_group_account').where('account_id', '=', accountId).execute();
  await db.updateTable('account').set({ business_unit_id: unit }).where('id', '=', accountId).execute();
  if (group === null) return;
  const row = {
    subscription_id: running.platform.context.subscriptionId,
    asset_group_id: group,
    account_id: accountId,
  };
  await db.insertInto('asset_group_account').values(row).execute();
}

/** Neither the text nor the headers of an answer tell anything of the unit. */
export function expectNothingOf(unit: TestUnit, what: string, answer: Pick<TestAnswer, 'text' | 'headers'>) {
  const told = `${answer.text}\n${JSON.stringify(answer.headers)}`.toLowerCase();
  for (const canary of [unit.canary, ...unit.prefixes]) {
    const at = told.indexOf(canary);
    expect(at < 0 ? '' : `${what}: ${told.slice(Math.max(0, at - 80), at + 40)}`).toBe('');
  }
}

/** An answer without what differs from request to request. */
export function essence({ status, json }: TestAnswer, id: number): string {
  const { requestId: _id, instance: _instance, ...rest } = json ?? {};
  return JSON.stringify({ status, ...rest }).replaceAll(new RegExp(`\\b${id}\\b`, 'g'), 'ID');
}

/** What was asked for by those of the first unit did nothing to the other one. */
export async function expectForeignUnchanged({ running, foreign }: TwoUnits): Promise<void> {
  const { db } = running.platform.context.database;
  for (const table of confinedTables) {
    const { rows } = await sql<{
      text: string;
    }>`select to_jsonb(whole)::text as text from ${sql.table(table)} whole`.execute(db);
    if (['appliance', 'scan', 'asset', 'detection', 'service'].includes(table)) {
      expect([table, rows.some((row) => row.text.includes(foreign.canary))]).toEqual([table, true]);
    }
  }
  const { rows } = await sql<{ status: string; state: string; disabled: boolean }>`
    select scan.status, appliance.state, account.disabled from scan, appliance, account
    where scan.id = ${foreign.scan} and appliance.id = ${foreign.appliance} and account.id = ${foreign.account}`.execute(
    db,
  );
  expect(rows).toEqual([{ status: 'running', state: 'active', disabled: false }]);
}
