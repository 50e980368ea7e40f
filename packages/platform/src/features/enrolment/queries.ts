import type { deviceFacts } from '@picket/contracts/enrolment';
import { type Kysely, sql } from 'kysely';
import type { z } from 'zod';
import type { Schema } from '../../storage/schema.ts';

export type DeviceFacts = z.output<typeof deviceFacts>;

/** A device is known by its key before it belongs to anybody: these queries run on behalf of that key. */
export interface DeviceScope {
  readonly keyId: string;
  readonly publicKey: string;
  /** Where the request came from. */
  readonly address: string;
}

export interface EnrolledAppliance {
  readonly applianceId: number;
  readonly subscriptionId: number;
  readonly name: string;
  readonly state: 'provisioned' | 'active' | 'revoked' | 'suspect';
}

/** The appliance that holds the key, or null. */
export async function findByKey(scope: DeviceScope, db: Kysely<Schema>): Promise<EnrolledAppliance | null> {
  const row = await db
    .selectFrom('appliance')
    .select(['id', 'subscription_id', 'name', 'state'])
    .where('key_id', '=', scope.keyId)
    .executeTakeFirst();
  return row ? { applianceId: row.id, subscriptionId: row.subscription_id, name: row.name, state: row.state } : null;
}

export interface PendingCode {
  readonly salt: Uint8Array;
  readonly expiresAt: Date;
}

/** Notes that the device was here again; null when it does not wait, or its code expired. */
export async function touchPending(
  scope: DeviceScope,
  db: Kysely<Schema>,
  facts: DeviceFacts,
  now: Date,
): Promise<PendingCode | null> {
  const row = await db
    .updateTable('pending_device')
    .set({ last_seen: now, address: scope.address, facts: JSON.stringify(facts) })
    .where('key_id', '=', scope.keyId)
    .where('expires_at', '>', now)
    .returning(['code_salt', 'expires_at'])
    .executeTakeFirst();
  return row ? { salt: new Uint8Array(row.code_salt), expiresAt: row.expires_at } : null;
}

/** Drops what expired and counts who still waits, in all and from this address. */
export async function countPending(
  scope: DeviceScope,
  db: Kysely<Schema>,
  now: Date,
): Promise<{ all: number; here: number }> {
  await db.deleteFrom('pending_device').where('expires_at', '<=', now).execute();
  const { rows } = await sql<{ all: number; here: number }>`
    select count(*) as all, count(*) filter (where address = ${scope.address}) as here from pending_device`.execute(db);
  return rows[0] ?? { all: 0, here: 0 };
}

/** Puts the device in line. Two hellos at once agree on the first one's code. */
export async function insertPending(
  scope: DeviceScope,
  db: Kysely<Schema>,
  pending: { salt: Uint8Array; codeHash: Uint8Array; facts: DeviceFacts; now: Date; expiresAt: Date },
): Promise<void> {
  await db
    .insertInto('pending_device')
    .values({
      key_id: scope.keyId,
      public_key: scope.publicKey,
      code_hash: pending.codeHash,
      code_salt: pending.salt,
      facts: JSON.stringify(pending.facts),
      address: scope.address,
      first_seen: pending.now,
      last_seen: pending.now,
      expires_at: pending.expiresAt,
    })
    .onConflict((conflict) => conflict.column('key_id').doNothing())
    .execute();
}

export interface CodeRow {
  readonly subscriptionId: number;
  readonly applianceId: number;
  readonly used: boolean;
  readonly expired: boolean;
}

/** The personalization code, locked: of two that hold it at once one waits for the other. */
export async function lockCode(
  scope: DeviceScope,
  trx: Kysely<Schema>,
  codeHash: Uint8Array,
  now: Date,
): Promise<CodeRow | null> {
  void scope;
  const row = await trx
    .selectFrom('personalization_code')
    .select(['subscription_id', 'appliance_id', 'expires_at', 'used_at'])
    .where('code_hash', '=', codeHash)
    .forUpdate()
    .executeTakeFirst();
  if (!row) return null;
  return {
    subscriptionId: row.subscription_id,
    applianceId: row.appliance_id,
    used: row.used_at !== null,
    expired: row.expires_at <= now,
  };
}

/** Registers the key with the provisioned appliance and uses the code up. */
export async function personalize(
  scope: DeviceScope,
  trx: Kysely<Schema>,
  code: CodeRow,
  given: { codeHash: Uint8Array; facts: DeviceFacts; now: Date },
): Promise<EnrolledAppliance | null> {
  const row = await trx
    .updateTable('appliance')
    .set({
      state: 'active',
      public_key: scope.publicKey,
      key_id: scope.keyId,
      kind: given.facts.kind,
      lan_address: given.facts.lanAddress,
      hostname: given.facts.hostname,
      software_version: given.facts.softwareVersion,
      content_version: given.facts.contentVersion,
    })
    .where('subscription_id', '=', code.subscriptionId)
    .where('id', '=', code.applianceId)
    .where('state', '=', 'provisioned')
    .returning(['id', 'subscription_id', 'name', 'state'])
    .executeTakeFirst();
  if (!row) return null;
  await trx
    .updateTable('personalization_code')
    .set({ used_at: given.now })
    .where('code_hash', '=', given.codeHash)
    .execute();
  await trx.deleteFrom('pending_device').where('key_id', '=', scope.keyId).execute();
  return { applianceId: row.id, subscriptionId: row.subscription_id, name: row.name, state: row.state };
}
