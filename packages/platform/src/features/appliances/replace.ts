import { isoTime } from '@picket/base/clock';
import type { replaceApplianceRequest, replacedAppliance } from '@picket/contracts/api/appliance';
import { deviceFacts } from '@picket/contracts/enrolment';
import type { Kysely } from 'kysely';
import type { z } from 'zod';
import { type CodeBook, personalizationCodeDigits, personalizationCodeLifeMs } from '../../appliance-protocol/codes.ts';
import { announce } from '../../jobs/channels.ts';
import { leasesOf, requeue } from '../../jobs/requeue.ts';
import { recordAudit } from '../../server/audit.ts';
import type { AccessScope, PlatformContext } from '../../server/context.ts';
import { notFound, refuse } from '../../server/http-error.ts';
import { clearAttempts, takeAttempt } from '../../server/rate-limit.ts';
import type { Schema } from '../../storage/schema.ts';
import { insertCode, lockAppliance, takePending } from './queries.ts';
import { changeIdentity, dropCodes } from './replace-queries.ts';
import { readAppliance } from './service.ts';
import { requireRoomForVirtual } from './virtual.ts';

/** Activation codes that one account, and one address, may get wrong in an hour; counted with those of activation. */
const codeTries = 10;

type Request = z.output<typeof replaceApplianceRequest>;

/**
 * Another device takes the place of an appliance: it keeps number, name, settings, networks and history, and the old device's key counts
 * for nothing from that moment on. Its leases go back to be run by whoever is next.
 */
export async function replace(
  context: PlatformContext,
  codes: CodeBook,
  scope: AccessScope,
  call: { readonly id: number; readonly request: Request; readonly address: string },
): Promise<z.output<typeof replacedAppliance>> {
  const { database, clock } = context;
  const { id, request, address } = call;
  const rates = request.by === 'code' ? ratesOf(scope, address) : [];
  for (const rate of rates) await takeAttempt(database.db, clock, rate);
  const provisioned = await database.transaction(async (trx) => {
    const now = new Date(clock.now());
    await requeue(database, scope, trx, await leasesOf(scope, trx, id), now);
    const old = await lockAppliance(scope, trx, id);
    if (!old || old.state === 'revoked') throw notFound('appliance', id);
    await dropCodes(scope, trx, id);
    const made =
      request.by === 'code'
        ? await takeDevice(scope, trx, { id, codes, code: request.code, now })
        : await expectInstance(context, scope, trx, { id, codes, now });
    const detail = { name: old.name, by: request.by };
    await recordAudit(scope, trx, { action: 'appliance.replace', subject: `appliance:${id}`, detail, address });
    await announce(database, trx, { appliances: [id], wake: [`appliance:${id}`] });
    return made;
  });
  for (const rate of rates) await clearAttempts(database.db, rate);
  return {
    appliance: await readAppliance(context, scope, id),
    personalization: provisioned && { ...provisioned, enrolment: context.keys.enrolment },
  };
}

function ratesOf(scope: AccessScope, address: string) {
  const hour = { limit: codeTries, windowSeconds: 3600 };
  return [
    { name: 'activate:account', subject: String(scope.accountId), ...hour },
    { name: 'activate:address', subject: address, ...hour },
  ];
}

/** The device that shows the code is the appliance from now on. */
async function takeDevice(
  scope: AccessScope,
  trx: Kysely<Schema>,
  {
    id,
    codes,
    code,
    now,
  }: { readonly id: number; readonly codes: CodeBook; readonly code: string; readonly now: Date },
): Promise<null> {
  const digits = code.replaceAll(/[\s-]/g, '');
  const device = /^[0-9]{8,16}$/.test(digits)
    ? await takePending(scope, trx, codes.hashOf('activation', digits))
    : null;
  if (!device) throw wrongCode('appliance.code-unknown', 'No device waits with this activation code.');
  if (device.expiresAt <= now)
    throw wrongCode('appliance.code-expired', 'This activation code has expired; the appliance shows a new one.');
  const facts = deviceFacts.parse(device.facts);
  await changeIdentity(scope, trx, id, { state: 'active', publicKey: device.publicKey, keyId: device.keyId, facts });
  return null;
}

function wrongCode(code: string, message: string) {
  return refuse({
    status: 422,
    code,
    message,
    hint: 'Compare it with the code on the appliance, digit by digit. The old appliance was not touched.',
    errors: [{ field: 'code', message }],
  });
}

/** A new instance of the image becomes the appliance once it shows the code. */
async function expectInstance(
  { random }: PlatformContext,
  scope: AccessScope,
  trx: Kysely<Schema>,
  { id, codes, now }: { readonly id: number; readonly codes: CodeBook; readonly now: Date },
) {
  await requireRoomForVirtual(scope, trx, id);
  const code = Array.from({ length: personalizationCodeDigits }, () => random.integer(10)).join('');
  const expiresAt = new Date(now.getTime() + personalizationCodeLifeMs);
  await changeIdentity(scope, trx, id, { state: 'provisioned', publicKey: null, keyId: null, facts: null });
  await insertCode(scope, trx, { hash: codes.hashOf('personalization', code), applianceId: id, now, expiresAt });
  return { code, expiresAt: isoTime(expiresAt.getTime()) };
}
