import type { ReleaseKind } from '@picket/contracts/release/release-version';
import type { Kysely } from 'kysely';
import type { Schema } from '../storage/schema.ts';

/** What appliances should have of one kind. */
export interface CurrentRelease {
  readonly kind: ReleaseKind;
  readonly version: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly rollback: boolean;
  readonly currentAt: Date;
}

/** The current releases: none, one, or one of each kind. */
export async function currentReleases(
  scope: { readonly subscriptionId: number },
  db: Kysely<Schema>,
): Promise<readonly CurrentRelease[]> {
  const rows = await db
    .selectFrom('release')
    .select(['kind', 'version', 'sha256', 'bytes', 'rollback', 'current_at'])
    .where('subscription_id', '=', scope.subscriptionId)
    .where('current_at', 'is not', null)
    .orderBy('kind')
    .execute();
  return rows.flatMap(({ current_at: currentAt, ...row }) => (currentAt === null ? [] : [{ ...row, currentAt }]));
}
