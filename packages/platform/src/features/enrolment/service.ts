import { isoTime } from '@picket/base/clock';
import { type HelloAnswer, helloRequest, type Identity, personalizeRequest } from '@picket/contracts/enrolment';
import { applianceProblems, protocolHeaders } from '@picket/contracts/protocol';
import { activationCodeLifeMs, type CodeBook } from '../../appliance-protocol/codes.ts';
import { keyIdOf, verifierOf } from '@picket/base/adapters/ed25519';
import { requireLevel } from '../../appliance-protocol/protocol-level.ts';
import { readBody } from '../../appliance-protocol/read-body.ts';
import { headerOf, requireKeyId, requireSignature } from '../../appliance-protocol/signed-request.ts';
import type { SignedCall } from '../../appliance-protocol/signed-route.ts';
import { announce } from '../../jobs/channels.ts';
import { recordAudit } from '../../server/audit.ts';
import type { PlatformContext } from '../../server/context.ts';
import { refuse } from '../../server/http-error.ts';
import { clearAttempts, takeAttempt } from '../../server/rate-limit.ts';
import {
  countPending,
  type DeviceFacts,
  type DeviceScope,
  type EnrolledAppliance,
  findByKey,
  insertPending,
  lockCode,
  personalize,
  touchPending,
} from './queries.ts';

/** Devices that may wait for their code to be entered, in all and from one address. */
const pendingLimit = { all: 500, here: 50 };
/** Hellos a minute from one address and in all; codes tried an hour from one address. */
const helloLimit = { here: 120, all: 1200 };
const codeTries = 10;
/** How soon a waiting device asks again. */
const retryAfterSeconds = 3;

/** What `hello` and `personalize` both begin with: the request is signed with the very key that it announces. */
function readDevice(call: SignedCall, publicKey: string): DeviceScope {
  const keyId = requireKeyId(call.request);
  if (keyId !== keyIdOf(publicKey)) {
    throw refuse({
      status: 401,
      code: 'appliance.signature-invalid',
      message: 'The request announces one key and is signed with another.',
      hint: 'Sign it with the announced key.',
    });
  }
  requireSignature(call.request, call.body, verifierOf(publicKey));
  return { keyId, publicKey, address: call.request.ip };
}

/** Announces a device: an activation code while nobody entered it, its identity afterwards. */
export async function hello(context: PlatformContext, codes: CodeBook, call: SignedCall): Promise<HelloAnswer> {
  requireLevel(headerOf(call.request, protocolHeaders.level));
  const request = readBody(helloRequest, call.body);
  const scope = readDevice(call, request.publicKey);
  const { db } = context.database;
  const minute = { windowSeconds: 60 };
  await takeAttempt(db, context.clock, {
    name: 'hello:address',
    subject: scope.address,
    limit: helloLimit.here,
    ...minute,
  });
  await takeAttempt(db, context.clock, { name: 'hello:all', subject: 'all', limit: helloLimit.all, ...minute });
  const known = await findByKey(scope, db);
  if (known) return identityOf(context, known);
  return waitingAnswer(context, codes, scope, request.facts);
}

async function waitingAnswer(
  context: PlatformContext,
  codes: CodeBook,
  scope: DeviceScope,
  facts: DeviceFacts,
): Promise<HelloAnswer> {
  const { db } = context.database;
  const now = new Date(context.clock.now());
  let pending = await touchPending(scope, db, facts, now);
  if (!pending) {
    refuseCrowd(await countPending(scope, db, now));
    const salt = context.random.bytes(16);
    const codeHash = codes.hashOf('activation', codes.activationCode(scope.keyId, salt));
    const expiresAt = new Date(now.getTime() + activationCodeLifeMs);
    await insertPending(scope, db, { salt, codeHash, facts, now, expiresAt });
    pending = (await touchPending(scope, db, facts, now)) ?? { salt, expiresAt };
  }
  return {
    state: 'waiting',
    activationCode: codes.activationCode(scope.keyId, pending.salt),
    expiresAt: isoTime(pending.expiresAt.getTime()),
    retryAfterSeconds,
  };
}

function refuseCrowd(waiting: { all: number; here: number }): void {
  if (waiting.all < pendingLimit.all && waiting.here < pendingLimit.here) return;
  throw refuse({
    status: 429,
    code: 'enrolment.too-many-waiting',
    message: 'Too many devices wait for their activation code to be entered.',
    hint: 'Activate those that wait, or let their codes expire (24 hours).',
    retryAfterSeconds: 60,
  });
}

/** Trades a personalization code for an identity. The same device may ask again with its used code: an answer was lost. */
export async function personalizeDevice(
  context: PlatformContext,
  codes: CodeBook,
  call: SignedCall,
): Promise<Identity> {
  requireLevel(headerOf(call.request, protocolHeaders.level));
  const request = readBody(personalizeRequest, call.body);
  const scope = readDevice(call, request.publicKey);
  const rate = { name: 'personalize:address', subject: scope.address, limit: codeTries, windowSeconds: 3600 };
  await takeAttempt(context.database.db, context.clock, rate);
  const codeHash = codes.hashOf('personalization', request.code);
  const appliance = await context.database.transaction(async (trx) => {
    const now = new Date(context.clock.now());
    const code = await lockCode(scope, trx, codeHash, now);
    if (!code) throw wrongCode('enrolment.code-unknown', 'This personalization code does not exist.');
    const holder = await findByKey(scope, trx);
    if (holder?.applianceId === code.applianceId) return holder;
    if (holder)
      throw wrongCode(
        'enrolment.key-in-use',
        `The key of this device already belongs to the appliance ${holder.name}.`,
      );
    if (code.used) throw wrongCode('enrolment.code-used', 'This personalization code was used by another device.');
    if (code.expired) throw wrongCode('enrolment.code-expired', 'This personalization code has expired.');
    const enrolled = await personalize(scope, trx, code, { codeHash, facts: request.facts, now });
    if (!enrolled)
      throw wrongCode('enrolment.code-used', 'The appliance of this personalization code is in use or was revoked.');
    const actor = { subscriptionId: enrolled.subscriptionId, login: `appliance:${enrolled.applianceId}` };
    const subject = `appliance:${enrolled.applianceId}`;
    await recordAudit(actor, trx, { action: 'appliance.personalized', subject, address: scope.address });
    await announce(context.database, trx, { appliances: [enrolled.applianceId] });
    return enrolled;
  });
  await clearAttempts(context.database.db, rate);
  return identityOf(context, appliance);
}

function wrongCode(code: string, message: string) {
  return refuse({
    status: 403,
    code,
    message,
    hint: 'Provision the appliance again in the platform and use its new code.',
  });
}

function identityOf(context: PlatformContext, appliance: EnrolledAppliance): Identity {
  if (appliance.state === 'revoked') {
    throw refuse({
      status: 410,
      code: applianceProblems.revoked,
      message: 'This appliance was revoked in the platform.',
      hint: 'Let it make a new key and enrol again.',
    });
  }
  return {
    state: 'activated',
    applianceId: appliance.applianceId,
    name: appliance.name,
    platformKey: context.keys.platform.publicKey,
    platformKeyId: context.keys.platform.keyId,
  };
}
