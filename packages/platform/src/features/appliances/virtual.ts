import type { VirtualAppliances } from '@picket/contracts/api/virtual-appliance';
import type { Kysely } from 'kysely';
import { recordAudit } from '../../server/audit.ts';
import type { AccessScope, PlatformContext } from '../../server/context.ts';
import { readFeatures } from '../../server/feature-switches.ts';
import { refuse } from '../../server/http-error.ts';
import type { Schema } from '../../storage/schema.ts';
import { imageFile } from './adapters/image-file.ts';
import { countVirtual, lockVirtual, readVirtualLimit, storeVirtualLimit } from './virtual-queries.ts';

export async function readVirtual(context: PlatformContext, scope: AccessScope): Promise<VirtualAppliances> {
  const { db } = context.database;
  const image = await imageFile(context.config.applianceImage);
  return {
    on: (await readFeatures(scope, db)).virtualAppliances,
    limit: await readVirtualLimit(scope, db),
    used: await countVirtual(scope, db),
    image: image && { name: image.name, bytes: image.bytes },
  };
}

export async function changeVirtualLimit(
  context: PlatformContext,
  scope: AccessScope,
  limit: number,
  address: string,
): Promise<VirtualAppliances> {
  await context.database.transaction(async (trx) => {
    await lockVirtual(scope, trx);
    const before = await readVirtualLimit(scope, trx);
    if (before === limit) return;
    await storeVirtualLimit(scope, trx, limit);
    const detail = { limit, before };
    await recordAudit(scope, trx, { action: 'appliance.virtual-limit', subject: 'subscription', detail, address });
  });
  return readVirtual(context, scope);
}

/** Refuses one more virtual appliance where they are switched off or the limit is reached. `except` is the one whose place is taken. */
export async function requireRoomForVirtual(
  scope: AccessScope,
  trx: Kysely<Schema>,
  except: number | null = null,
): Promise<void> {
  await lockVirtual(scope, trx);
  if (!(await readFeatures(scope, trx)).virtualAppliances) throw switchedOff();
  const [limit, used] = [await readVirtualLimit(scope, trx), await countVirtual(scope, trx, except)];
  if (used < limit) return;
  throw refuse({
    status: 409,
    code: 'appliance.virtual-limit',
    message: `This subscription has ${used} virtual appliances, and ${limit} is the limit.`,
    hint: 'Delete one that is not used any more, put the new instance in its place (Replace), or have a Manager raise the limit under New appliance > Virtual scanner image.',
  });
}

function switchedOff() {
  return refuse({
    status: 403,
    code: 'feature.switched-off',
    message: 'Virtual appliances are switched off for this subscription.',
    hint: 'A Manager switches features on with "picket feature enable" or the API. A device that shows an activation code can be activated all the same.',
  });
}

export async function openImage(context: PlatformContext, scope: AccessScope) {
  if (!(await readFeatures(scope, context.database.db)).virtualAppliances) throw switchedOff();
  const image = await imageFile(context.config.applianceImage);
  if (image) return image;
  throw refuse({
    status: 404,
    code: 'appliance.no-image',
    message: 'This platform holds no image of the virtual appliance.',
    hint: 'Set applianceImage to the path of one, or install the appliance on a Linux machine.',
  });
}
