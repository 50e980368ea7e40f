import { isoTime } from '@picket/base/clock';
import type { PicketError } from '@picket/base/error';
import type { listReleasesQuery, Release } from '@picket/contracts/api/release';
import { protocolLevel } from '@picket/contracts/protocol';
import { bundleFaults, bundleFaultText } from '@picket/contracts/release/bundle-fault';
import { contentEngineLevel } from '@picket/contracts/release/content-engine-level';
import { compareVersions } from '@picket/contracts/release/release-version';
import type { Kysely } from 'kysely';
import type { z } from 'zod';
import { announce } from '../../jobs/channels.ts';
import { recordAudit } from '../../server/audit.ts';
import type { AccessScope, PlatformContext } from '../../server/context.ts';
import { isDiskFull } from '../../server/disk-full.ts';
import { notFound, refuse } from '../../server/http-error.ts';
import { decodeCursor, encodeCursor, pageOf } from '../../server/page-cursor.ts';
import type { Schema } from '../../storage/schema.ts';
import { isUniqueViolation } from '../../storage/storage-error.ts';
import { currentReleases } from '../../updates/current-releases.ts';
import type { BundleFiles, StoredBundle } from './adapters/bundle-files.ts';
import {
  activeAppliances,
  countReleases,
  endCurrent,
  isOffered,
  lockRelease,
  type ReleaseRow,
  releaseRows,
  updateRelease,
} from './queries.ts';

export interface ReleaseDeps {
  readonly context: PlatformContext;
  readonly files: BundleFiles;
}

function shown(row: ReleaseRow): Release {
  return {
    id: row.id,
    kind: row.kind,
    name: row.name,
    version: row.version,
    state: row.withdrawn_at !== null ? 'withdrawn' : row.current_at !== null ? 'current' : 'replaced',
    sha256: row.sha256,
    bytes: row.bytes,
    files: row.files,
    level: row.level,
    keyId: row.key_id,
    rollback: row.rollback,
    created: isoTime(row.created.getTime()),
    publishedAt: isoTime(row.published_at.getTime()),
    publishedBy: row.published_by,
  };
}

export async function releasePage(
  { context }: ReleaseDeps,
  scope: AccessScope,
  query: z.output<typeof listReleasesQuery>,
) {
  const { db } = context.database;
  const cursor = decodeCursor('release', 1, query.cursor);
  const before = cursor === null ? null : Number(cursor[0]);
  const rows = await releaseRows(scope, db, { kind: query.kind, before, limit: query.limit + 1 });
  return pageOf(rows, query.limit, await countReleases(scope, db, query.kind), {
    item: shown,
    cursor: (row) => encodeCursor('release', [row.id]),
  });
}

/** Takes a bundle in and makes it what appliances should have. The platform does not judge who signed it: appliances do. */
export async function publish(
  deps: ReleaseDeps,
  scope: AccessScope,
  source: AsyncIterable<Uint8Array>,
  options: { readonly rollback: boolean; readonly address: string },
): Promise<Release> {
  const { context, files } = deps;
  const stored = await files.store(context.random.uuid(), source).catch((error: unknown) => {
    throw isDiskFull(error) ? noSpace(error) : error;
  });
  if (!stored.ok) {
    throw refuse({
      status: 422,
      code: 'release.bundle-refused',
      message: bundleFaultText(stored.error),
      hint: bundleFaults[stored.error.code].hint,
    });
  }
  try {
    requireLevel(stored.value);
    return await insert(deps, scope, stored.value, options);
  } catch (error) {
    // Another release may have the very same bytes.
    if (!(await isOffered(scope, context.database.db, stored.value.sha256))) await files.remove(stored.value.sha256);
    if (isDiskFull(error)) throw noSpace(error);
    throw isUniqueViolation(error, 'release_version') ? versionTaken(stored.value) : error;
  }
}

function noSpace(cause: unknown): PicketError {
  return refuse({
    status: 507,
    code: 'release.no-space',
    message: "The platform's disk is full: the bundle was not stored and nothing was published.",
    hint: 'Make room on the disk of its data directory (the files of withdrawn releases are removed), then publish the bundle again.',
    cause,
  });
}

function versionTaken({ manifest }: StoredBundle): PicketError {
  return refuse({
    status: 409,
    code: 'release.version-taken',
    message: `There is a release of ${manifest.kind} ${manifest.version} already.`,
    hint: 'Give the new bundle a version of its own, or withdraw the other one first.',
  });
}

/** What this platform could not serve, or no appliance of this release could run, is not offered. */
function requireLevel({ manifest }: StoredBundle): void {
  const here = manifest.kind === 'software' ? protocolLevel : contentEngineLevel;
  if (manifest.level <= here) return;
  throw refuse({
    status: 422,
    code: 'release.level-too-new',
    message: `The ${manifest.kind} needs level ${manifest.level}; this platform has ${here}.`,
    hint: 'Update the platform first.',
  });
}

async function insert(
  { context }: ReleaseDeps,
  scope: AccessScope,
  { manifest, keyId, sha256, bytes }: StoredBundle,
  options: { readonly rollback: boolean; readonly address: string },
): Promise<Release> {
  const { kind, version } = manifest;
  return context.database.transaction(async (trx) => {
    const rollback = await requireNewer(scope, trx, manifest, options.rollback);
    await endCurrent(scope, trx, kind);
    const now = new Date(context.clock.now());
    const row = await trx
      .insertInto('release')
      .values({
        subscription_id: scope.subscriptionId,
        kind,
        name: manifest.name,
        version,
        sha256,
        bytes,
        files: manifest.files.length,
        level: manifest.level,
        key_id: keyId,
        created: new Date(manifest.created),
        published_at: now,
        published_by: scope.login,
        current_at: now,
        rollback,
      })
      .returningAll()
      .executeTakeFirstOrThrow();
    const subject = `release:${row.id}`;
    const detail = { kind, version, sha256, rollback };
    await recordAudit(scope, trx, { action: 'release.publish', subject, detail, address: options.address });
    await wakeAll(context, scope, trx);
    return shown(row);
  });
}

/** True when it is older than what is current, and that is wanted. */
async function requireNewer(
  scope: AccessScope,
  trx: Kysely<Schema>,
  { kind, version }: { readonly kind: 'content' | 'software'; readonly version: string },
  rollback: boolean,
): Promise<boolean> {
  const before = (await currentReleases(scope, trx)).find((each) => each.kind === kind);
  // With nothing current, appliances may still have a newer version of a release that was withdrawn.
  if (before === undefined || compareVersions(version, before.version) >= 0) return rollback;
  if (rollback) return true;
  throw refuse({
    status: 409,
    code: 'release.older',
    message: `${kind} ${version} is older than ${before.version}, which is current.`,
    hint: 'Ask for a rollback if appliances should go back to it.',
  });
}

/** Makes a release that was replaced what appliances should have again. */
export async function makeCurrent(
  { context }: ReleaseDeps,
  scope: AccessScope,
  id: number,
  options: { readonly rollback: boolean; readonly address: string },
): Promise<Release> {
  return context.database.transaction(async (trx) => {
    const row = await requireRelease(scope, trx, id);
    if (row.withdrawn_at !== null) {
      throw refuse({
        status: 409,
        code: 'release.withdrawn',
        message: `${row.kind} ${row.version} was withdrawn.`,
        hint: 'Publish its bundle again.',
      });
    }
    const rollback = await requireNewer(scope, trx, row, options.rollback);
    await endCurrent(scope, trx, row.kind);
    const now = new Date(context.clock.now());
    await updateRelease(scope, trx, id, { current_at: now, rollback });
    const detail = { kind: row.kind, version: row.version, rollback };
    const subject = `release:${id}`;
    await recordAudit(scope, trx, { action: 'release.make-current', subject, detail, address: options.address });
    await wakeAll(context, scope, trx);
    return shown({ ...row, current_at: now, rollback });
  });
}

/** No appliance is given it any more. What has it installed keeps it. */
export async function withdraw(deps: ReleaseDeps, scope: AccessScope, id: number, address: string): Promise<void> {
  const { context, files } = deps;
  const { database } = context;
  const row = await database.transaction(async (trx) => {
    const found = await requireRelease(scope, trx, id);
    const { kind, version } = found;
    const withdrawn = { current_at: null, rollback: false, withdrawn_at: new Date(context.clock.now()) };
    await updateRelease(scope, trx, id, withdrawn);
    const subject = `release:${id}`;
    await recordAudit(scope, trx, { action: 'release.withdraw', subject, detail: { kind, version }, address });
    return found;
  });
  if (!(await isOffered(scope, database.db, row.sha256))) await files.remove(row.sha256);
}

async function requireRelease(scope: AccessScope, trx: Kysely<Schema>, id: number): Promise<ReleaseRow> {
  const row = await lockRelease(scope, trx, id);
  if (!row) throw notFound('release', id);
  return row;
}

async function wakeAll(context: PlatformContext, scope: AccessScope, trx: Kysely<Schema>): Promise<void> {
  const ids = await activeAppliances(scope, trx);
  await announce(context.database, trx, { appliances: ids, wake: ids.map((id) => `appliance:${id}` as const) });
}
