import type { PicketError } from '@picket/base/error';
import { refuse } from '../server/http-error.ts';
import { applianceProblems, protocolHeaders } from '@picket/contracts/protocol';
import type { Transaction } from 'kysely';
import type { PlatformContext } from '../server/context.ts';
import type { Schema } from '../storage/schema.ts';
import { announce } from '../jobs/channels.ts';
import { recordEvent } from '../jobs/outbox.ts';
import { leasesOf, requeue } from '../jobs/requeue.ts';
import { judgeSequence } from './domain/replay.ts';
import {
  advanceSequence,
  lockAppliance,
  readInstance,
  readSender,
  type RequestOrder,
  storeInstance,
} from './instances.ts';
import { verifierOf } from '@picket/base/adapters/ed25519';
import { requireLevel } from './protocol-level.ts';
import { headerOf, requireKeyId, requireSignature } from './signed-request.ts';
import type { SignedCall } from './signed-route.ts';

/** On whose behalf the queries of an appliance's request run. */
export interface ApplianceScope {
  readonly subscriptionId: number;
  readonly applianceId: number;
}

/**
 * Who sent this request: level, key, digest, signature, state and replay, in that order; any fault is a refusal. The
 * sequence number counts as used as soon as the signature held.
 */
export async function authenticateAppliance(context: PlatformContext, call: SignedCall): Promise<ApplianceScope> {
  const { request } = call;
  requireLevel(headerOf(request, protocolHeaders.level));
  const keyId = requireKeyId(request);
  const order = readOrder(call);
  const known = await readSender(context.database.db, keyId, order?.instance ?? null);
  if (!known || known.publicKey === null) throw unknownKey();
  requireSignature(request, call.body, verifierOf(known.publicKey));
  if (!order) throw malformedOrder();
  const { scope } = known;
  if (await advanceSequence(context, scope, known, order)) return scope;
  const verdict = await context.database.transaction((trx) => useSequence(context, trx, scope, order));
  if (verdict !== null) throw verdict;
  return scope;
}

/** Null: what the request says of its order can't be read. */
function readOrder({ request }: SignedCall): RequestOrder | null {
  const instance = headerOf(request, protocolHeaders.instance) ?? '';
  const sequence = headerOf(request, protocolHeaders.sequence) ?? '';
  const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
  return uuid.test(instance) && /^[1-9][0-9]{0,14}$/.test(sequence) ? { instance, sequence: Number(sequence) } : null;
}

function malformedOrder(): PicketError {
  return refuse({
    status: 400,
    code: 'request.malformed',
    message: `${protocolHeaders.instance} must be a UUID and ${protocolHeaders.sequence} a positive integer.`,
  });
}

/** Null, or why not. The row of the appliance is locked, so that one number can't pass twice on two replicas. */
async function useSequence(
  context: PlatformContext,
  trx: Transaction<Schema>,
  scope: ApplianceScope,
  { instance, sequence }: RequestOrder,
): Promise<PicketError | null> {
  const appliance = await lockAppliance(trx, scope);
  if (!appliance) return unknownKey();
  if (appliance.state === 'revoked' || appliance.state === 'provisioned') return revoked();
  const now = context.clock.now();
  const verdict = judgeSequence(await readInstance(trx, scope, instance), sequence, now);
  if (verdict.kind === 'replayed') return replayed(sequence);
  if (verdict.kind === 'cloned') {
    if (appliance.state !== 'suspect') await suspect(context, trx, scope);
    return cloneSuspected();
  }
  await storeInstance(trx, scope, {
    instance,
    state: verdict.state,
    now,
    supersede: appliance.currentInstance !== instance,
  });
  return appliance.state === 'suspect' ? cloneSuspected() : null;
}

/** Takes the device out of service until a Manager has decided, and writes it down. */
async function suspect(context: PlatformContext, trx: Transaction<Schema>, scope: ApplianceScope): Promise<void> {
  const { name } = await trx
    .updateTable('appliance')
    .set({ state: 'suspect' })
    .where('subscription_id', '=', scope.subscriptionId)
    .where('id', '=', scope.applianceId)
    .returning('name')
    .executeTakeFirstOrThrow(revoked);
  const now = new Date(context.clock.now());
  await recordEvent(scope, trx, { kind: 'appliance.suspect', applianceId: scope.applianceId, name }, now);
  await trx
    .insertInto('audit_entry')
    .values({
      subscription_id: scope.subscriptionId,
      at: new Date(context.clock.now()),
      actor: 'system',
      action: 'appliance.clone-suspected',
      subject: `appliance:${scope.applianceId}`,
    })
    .execute();
  await requeue(
    context.database,
    scope,
    trx,
    await leasesOf(scope, trx, scope.applianceId),
    new Date(context.clock.now()),
  );
  await announce(context.database, trx, { appliances: [scope.applianceId], wake: [`appliance:${scope.applianceId}`] });
}

/**
 * 410 while the appliance is revoked or gone, 409 while it is suspect, else nothing: for a request that waited meanwhile.
 */
export async function requireStillActive(context: PlatformContext, scope: ApplianceScope): Promise<void> {
  const row = await context.database.db
    .selectFrom('appliance')
    .select('state')
    .where('subscription_id', '=', scope.subscriptionId)
    .where('id', '=', scope.applianceId)
    .executeTakeFirst();
  requireActiveState(row?.state);
}

/** As `requireStillActive`, of a state that was read; undefined: the appliance is gone. */
export function requireActiveState(state: string | undefined): void {
  if (state === 'suspect') throw cloneSuspected();
  if (state !== 'active') throw revoked();
}

function unknownKey(): PicketError {
  return refuse({
    status: 401,
    code: applianceProblems.revoked,
    message: 'This platform has no appliance with this key: it was deleted, or never activated here.',
    hint: 'Enrol the appliance again.',
  });
}

/** The refusal that ends an identity: for rows that vanish while a request is at work. */
export function revoked(): PicketError {
  return refuse({
    status: 410,
    code: applianceProblems.revoked,
    message: 'This appliance was revoked in the platform.',
    hint: 'Enrol it again with a new activation or personalization code.',
  });
}

function replayed(sequence: number): PicketError {
  return refuse({
    status: 401,
    code: applianceProblems.replayed,
    message: `Request ${sequence} of this process was used before, is too old, or its process was replaced.`,
    hint: 'Send it again under a new number.',
  });
}

function cloneSuspected(): PicketError {
  return refuse({
    status: 409,
    code: applianceProblems.cloneSuspected,
    message: 'Two machines talk to the platform with the key of this appliance, so neither gets work.',
    hint: 'Shut the copy down (a cloned or restored virtual machine?), then a Manager clears the suspicion in the platform.',
  });
}
