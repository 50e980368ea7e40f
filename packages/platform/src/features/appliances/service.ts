import { isoTime } from '@picket/base/clock';
import {
  type activateApplianceRequest,
  type Appliance,
  appliance as applianceSchema,
  type provisionApplianceRequest,
  type provisionedAppliance,
  type updateApplianceRequest,
} from '@picket/contracts/api/appliance';
import { deviceFacts } from '@picket/contracts/enrolment';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import { type CodeBook, personalizationCodeDigits, personalizationCodeLifeMs } from '../../appliance-protocol/codes.ts';
import { announce, type WakeTopic } from '../../jobs/channels.ts';
import { contactOf, isOnline } from '../../jobs/domain/presence.ts';
import { leasesOf, requeue } from '../../jobs/requeue.ts';
import { recordAudit } from '../../server/audit.ts';
import type { AccessScope, PlatformContext } from '../../server/context.ts';
import { readFeatures } from '../../server/feature-switches.ts';
import { notFound, refuse } from '../../server/http-error.ts';
import { decodeCursor, encodeCursor, pageOf } from '../../server/page-cursor.ts';
import { clearAttempts, takeAttempt } from '../../server/rate-limit.ts';
import { softwareVersion } from '../../server/version.ts';
import type { Schema } from '../../storage/schema.ts';
import { isUniqueViolation } from '../../storage/storage-error.ts';
import { currentReleases } from '../../updates/current-releases.ts';
import { placeAppliance } from './appliance-groups.ts';
import { defaultApplianceName } from './domain/appliance-name.ts';
import { isUpToDate } from './domain/up-to-date.ts';
import {
  type ApplianceRow,
  applianceRows,
  countAppliances,
  deleteAppliance,
  insertAppliance,
  insertCode,
  lockAppliance,
  missingNetworks,
  readmitInstances,
  setNetworks,
  takenNames,
  takePending,
  updateAppliance,
} from './queries.ts';
import { requireRoomForVirtual } from './virtual.ts';

/** Activation codes that one account, and one address, may get wrong in an hour. */
const codeTries = 10;
/** How far back an instance may have spoken to be readmitted when a suspicion is cleared. */
const readmitMs = 86_400_000;

const ids = z.array(z.number());

interface ShownWith {
  readonly software: string;
  readonly content: string;
  readonly scanServices: boolean;
}

/** What appliances are held against: the versions of the current releases, else those of the platform itself; and the subscription. */
async function shownWith(context: PlatformContext, scope: AccessScope): Promise<ShownWith> {
  const current = await currentReleases(scope, context.database.db);
  const versionOf = (kind: 'content' | 'software') => current.find((each) => each.kind === kind)?.version;
  return {
    software: versionOf('software') ?? softwareVersion,
    content: versionOf('content') ?? context.content.version,
    scanServices: (await readFeatures(scope, context.database.db)).scanServices,
  };
}

function shown(context: PlatformContext, row: ApplianceRow, wanted: ShownWith): Appliance {
  const runningScans = ids.parse(row.runningScans);
  const contact = contactOf(row);
  const now = context.clock.now();
  const online = row.state === 'active' && isOnline(contact, now);
  return {
    id: row.id,
    name: row.name,
    state: row.state,
    online,
    kind: applianceSchema.shape.kind.catch(null).parse(row.kind),
    busy: row.busy,
    lanAddress: row.lan_address,
    // Only its keyed hash is kept: the code itself was in the answer to provisioning and nowhere else.
    personalizationCode: row.codeExpiresAt ? '•'.repeat(personalizationCodeDigits) : null,
    code: row.codeExpiresAt && {
      state: row.codeExpiresAt.getTime() > now ? 'waiting' : 'expired',
      expiresAt: isoTime(row.codeExpiresAt.getTime()),
    },
    softwareVersion: row.software_version,
    contentVersion: row.content_version,
    upToDate: isUpToDate(row, wanted),
    availablePercent: row.available_percent,
    connection: contact.connection,
    scanServices: wanted.scanServices ? (online ? 'connected' : 'not-connected') : 'not-used',
    lastContact: row.last_contact && isoTime(row.last_contact.getTime()),
    pollIntervalSeconds: row.poll_interval_seconds,
    heartbeatSeconds: row.heartbeat_seconds,
    networkIds: ids.parse(row.networkIds),
    assetGroupIds: ids.parse(row.assetGroupIds),
    runningScans,
    runningMaps: ids.parse(row.runningMaps),
    spool: applianceSchema.shape.spool.catch(null).parse(row.spool),
    trouble: applianceSchema.shape.trouble.catch([]).parse(row.trouble),
    createdAt: isoTime(row.created_at.getTime()),
  };
}

export async function readAppliance(context: PlatformContext, scope: AccessScope, id: number): Promise<Appliance> {
  const [row] = await applianceRows(scope, context.database.db, { id, after: null, limit: 1 });
  if (!row) throw notFound('appliance', id);
  return shown(context, row, await shownWith(context, scope));
}

export async function appliancePage(
  context: PlatformContext,
  scope: AccessScope,
  query: { cursor?: string | undefined; limit: number },
) {
  const { db } = context.database;
  const cursor = decodeCursor('appliance-name', 2, query.cursor);
  const after = cursor === null ? null : { name: String(cursor[0]), id: Number(cursor[1]) };
  const rows = await applianceRows(scope, db, { id: null, after, limit: query.limit + 1 });
  const wanted = await shownWith(context, scope);
  return pageOf(rows, query.limit, await countAppliances(scope, db), {
    item: (row) => shown(context, row, wanted),
    cursor: (row) => encodeCursor('appliance-name', [row.name.toLowerCase(), row.id]),
  });
}

/** Takes in the device that shows this code. Wrong codes are counted by account and by address. */
export async function activate(
  context: PlatformContext,
  codes: CodeBook,
  scope: AccessScope,
  request: z.output<typeof activateApplianceRequest>,
  address: string,
): Promise<Appliance> {
  const { database, clock } = context;
  const hour = { limit: codeTries, windowSeconds: 3600 };
  const rates = [
    { name: 'activate:account', subject: String(scope.accountId), ...hour },
    { name: 'activate:address', subject: address, ...hour },
  ];
  for (const rate of rates) await takeAttempt(database.db, clock, rate);
  const code = request.code.replaceAll(/[\s-]/g, '');
  const id = await saving(request.name, () =>
    database.transaction(async (trx) => {
      await requireNetworks(scope, trx, request.networkIds);
      const device = /^[0-9]{8,16}$/.test(code)
        ? await takePending(scope, trx, codes.hashOf('activation', code))
        : null;
      const now = new Date(clock.now());
      if (!device) throw wrongCode('appliance.code-unknown', 'No device waits with this activation code.');
      if (device.expiresAt <= now)
        throw wrongCode('appliance.code-expired', 'This activation code has expired; the appliance shows a new one.');
      const name = request.name ?? defaultApplianceName(scope.login, await takenNames(scope, trx));
      const facts = deviceFacts.parse(device.facts);
      const { publicKey, keyId } = device;
      const applianceId = await insertAppliance(scope, trx, {
        name,
        state: 'active',
        publicKey,
        keyId,
        facts,
        createdAt: now,
      });
      await setNetworks(scope, trx, applianceId, request.networkIds);
      await placeAppliance(scope, trx, applianceId, request.assetGroupIds);
      await recordAudit(scope, trx, {
        action: 'appliance.activate',
        subject: `appliance:${applianceId}`,
        detail: { name },
        address,
      });
      await announce(database, trx, { appliances: [applianceId] });
      return applianceId;
    }),
  );
  for (const rate of rates) await clearAttempts(database.db, rate);
  return readAppliance(context, scope, id);
}

function wrongCode(code: string, message: string) {
  return refuse({
    status: 422,
    code,
    message,
    hint: 'Compare it with the code on the appliance, digit by digit.',
    errors: [{ field: 'code', message }],
  });
}

/** Makes an appliance and the code that a device trades for its identity. The code is in this answer and nowhere else. */
export async function provision(
  context: PlatformContext,
  codes: CodeBook,
  scope: AccessScope,
  request: z.output<typeof provisionApplianceRequest>,
  address: string,
): Promise<z.output<typeof provisionedAppliance>> {
  const { database, clock, random } = context;
  const code = Array.from({ length: personalizationCodeDigits }, () => random.integer(10)).join('');
  const now = new Date(clock.now());
  const expiresAt = new Date(now.getTime() + personalizationCodeLifeMs);
  const id = await saving(request.name, () =>
    database.transaction(async (trx) => {
      await requireRoomForVirtual(scope, trx);
      await requireNetworks(scope, trx, request.networkIds);
      const device = {
        name: request.name,
        state: 'provisioned',
        publicKey: null,
        keyId: null,
        facts: null,
        createdAt: now,
      } as const;
      const applianceId = await insertAppliance(scope, trx, device);
      await setNetworks(scope, trx, applianceId, request.networkIds);
      await placeAppliance(scope, trx, applianceId, request.assetGroupIds);
      await insertCode(scope, trx, { hash: codes.hashOf('personalization', code), applianceId, now, expiresAt });
      await recordAudit(scope, trx, {
        action: 'appliance.provision',
        subject: `appliance:${applianceId}`,
        detail: { name: request.name },
        address,
      });
      await announce(database, trx, { appliances: [applianceId] });
      return applianceId;
    }),
  );
  return {
    appliance: await readAppliance(context, scope, id),
    personalizationCode: code,
    expiresAt: isoTime(expiresAt.getTime()),
    enrolment: context.keys.enrolment,
  };
}

/** Changes take effect at the appliance's next poll; a held one is answered at once where the appliance has to know. */
export async function change(
  context: PlatformContext,
  scope: AccessScope,
  id: number,
  request: z.output<typeof updateApplianceRequest>,
  address: string,
): Promise<Appliance> {
  const { database } = context;
  await saving(request.name, () =>
    database.transaction(async (trx) => {
      await requireAppliance(scope, trx, id);
      await requireNetworks(scope, trx, request.networkIds ?? []);
      await updateAppliance(scope, trx, id, {
        ...(request.name === undefined ? {} : { name: request.name }),
        ...(request.pollIntervalSeconds === undefined ? {} : { poll_interval_seconds: request.pollIntervalSeconds }),
        ...(request.heartbeatSeconds === undefined ? {} : { heartbeat_seconds: request.heartbeatSeconds }),
      });
      if (request.networkIds) await setNetworks(scope, trx, id, request.networkIds);
      if (request.assetGroupIds) await placeAppliance(scope, trx, id, request.assetGroupIds);
      await recordAudit(scope, trx, { action: 'appliance.change', subject: `appliance:${id}`, address });
      const heard = request.name ?? request.pollIntervalSeconds ?? request.networkIds;
      await announce(database, trx, { appliances: [id], wake: heard === undefined ? [] : [`appliance:${id}`] });
    }),
  );
  return readAppliance(context, scope, id);
}

/** Ends an appliance's identity at once: its leases go back, its held poll is refused. Its key can't come back. */
export async function revoke(context: PlatformContext, scope: AccessScope, id: number, address: string): Promise<void> {
  await end(context, scope, id, { action: 'appliance.revoke', address }, (trx, now) =>
    updateAppliance(scope, trx, id, { state: 'revoked', revoked_at: now }),
  );
}

/** Like revoking, and nothing is kept of it. What it found stays. */
export async function remove(context: PlatformContext, scope: AccessScope, id: number, address: string): Promise<void> {
  await end(context, scope, id, { action: 'appliance.delete', address }, (trx) => deleteAppliance(scope, trx, id));
}

async function end(
  context: PlatformContext,
  scope: AccessScope,
  id: number,
  audit: { readonly action: string; readonly address: string },
  body: (trx: Kysely<Schema>, now: Date) => Promise<void>,
): Promise<void> {
  const { database, clock } = context;
  await database.transaction(async (trx) => {
    const now = new Date(clock.now());
    const leases = await leasesOf(scope, trx, id);
    await requeue(database, scope, trx, leases, now);
    const { name } = await requireAppliance(scope, trx, id);
    await body(trx, now);
    await recordAudit(scope, trx, { ...audit, subject: `appliance:${id}`, detail: { name } });
    const wake: WakeTopic[] = [`appliance:${id}`];
    await announce(database, trx, { appliances: [id], wake });
  });
}

/** A Manager has found and shut down the copy: the first instance that speaks now is the appliance. */
export async function clearSuspicion(
  context: PlatformContext,
  scope: AccessScope,
  id: number,
  address: string,
): Promise<Appliance> {
  const { database, clock } = context;
  await database.transaction(async (trx) => {
    const { state } = await requireAppliance(scope, trx, id);
    if (state !== 'suspect') {
      throw refuse({
        status: 409,
        code: 'appliance.not-suspect',
        message: `Appliance ${id} is ${state}: there is no suspicion to clear.`,
        hint: 'Reload the list.',
      });
    }
    await updateAppliance(scope, trx, id, { state: 'active', current_instance: null });
    await readmitInstances(scope, trx, id, new Date(clock.now() - readmitMs));
    await recordAudit(scope, trx, { action: 'appliance.clear-suspicion', subject: `appliance:${id}`, address });
    await announce(database, trx, { appliances: [id], wake: [`appliance:${id}`] });
  });
  return readAppliance(context, scope, id);
}

async function requireAppliance(scope: AccessScope, trx: Kysely<Schema>, id: number) {
  const row = await lockAppliance(scope, trx, id);
  if (!row || row.state === 'revoked') throw notFound('appliance', id);
  return row;
}

async function requireNetworks(scope: AccessScope, trx: Kysely<Schema>, networkIds: readonly number[]): Promise<void> {
  const missing = await missingNetworks(scope, trx, networkIds);
  if (missing.length === 0) return;
  throw refuse({
    status: 422,
    code: 'appliance.network-unknown',
    message: `There is no network ${missing.slice(0, 5).join(', ')}.`,
    hint: 'Choose from the registered networks.',
    errors: missing.map((id) => ({ field: 'networkIds', item: String(id), message: 'There is no such network.' })),
  });
}

/** Turns a name that is taken into the refusal that says so. */
async function saving<T>(name: string | undefined, save: () => Promise<T>): Promise<T> {
  try {
    return await save();
  } catch (error) {
    if (!isUniqueViolation(error, 'appliance_name')) throw error;
    const message = `Another appliance is called ${name ?? 'so'} already.`;
    throw refuse({
      status: 409,
      code: 'appliance.name-taken',
      message,
      hint: 'Choose another name.',
      errors: [{ field: 'name', message }],
    });
  }
}
