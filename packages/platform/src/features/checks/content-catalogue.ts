import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { filesBelow } from '@picket/base/adapters/template-files';
import { describeError } from '@picket/base/error';
import type { Log } from '@picket/base/log';
import { loadTemplateTree, type TemplateTree } from '@picket/checks/adapters/template-tree';
import type { CheckHeader } from '@picket/checks/check';
import { parseContentManifest } from '@picket/checks/content-manifest';
import type { SignatureState } from '@picket/checks/signature';
import { type Kysely, sql } from 'kysely';
import type { z } from 'zod';
import type { storedCheckInfo } from '../../server/check-info.ts';
import type { ContentSummary, PlatformContext } from '../../server/context.ts';
import { ensureCheckNumbers } from '../../storage/check-numbers.ts';
import type { Schema } from '../../storage/schema.ts';

/** Content shipped with this checkout. */
export const shippedContentDirectory = join(import.meta.dirname, '../../../../../content');

/** A check and where it came from. */
interface FoundCheck {
  readonly header: CheckHeader;
  /** Name of its folder. */
  readonly origin: string;
  readonly signature: SignatureState;
}

/**
 * Reads the metadata of all checks, those of further template folders too, and takes it over into `check_info`. Bad files are logged
 * and left out; an id that is there twice stays with the folder that came first. `cacheDirectory` remembers what compiling gave; null:
 * nothing is remembered.
 */
export async function loadContentCatalogue(
  context: Pick<PlatformContext, 'database' | 'subscriptionId' | 'log'>,
  directory: string,
  templateDirectories: readonly string[] = [],
  cacheDirectory: string | null = null,
): Promise<ContentSummary> {
  const version = await readVersion(directory, context.log);
  const checks = new Map<string, FoundCheck>();
  for (const folder of [directory, ...templateDirectories]) {
    const tree = await loadTemplateTree(folder, cacheDirectory).catch((error: unknown) => {
      context.log.write('warning', 'content.folder-unreadable', { directory: folder, message: describeError(error) });
      return null;
    });
    if (tree !== null) takeTree(checks, folder, tree, context.log);
  }
  await storeChecks({ subscriptionId: context.subscriptionId }, context.database.db, [...checks.values()], version);
  return { version, checks: checks.size, fingerprints: await countFingerprints(directory) };
}

function takeTree(checks: Map<string, FoundCheck>, directory: string, tree: TemplateTree, log: Log): void {
  const origin = tree.kind === 'content' ? 'picket' : basename(directory);
  const refused = new Map(tree.problems.map(({ path, message }) => [path, message]));
  for (const [file, message] of refused) log.write('warning', 'content.check-refused', { file, message });
  for (const { path, check, signature } of tree.templates) {
    if (!checks.has(check.id)) checks.set(check.id, { header: check, origin, signature });
    else
      log.write('warning', 'content.check-refused', {
        file: path,
        message: `The id ${check.id} is taken by another file.`,
      });
  }
}

async function readVersion(directory: string, log: Log): Promise<string> {
  try {
    const manifest = parseContentManifest(await readFile(join(directory, 'manifest.json'), 'utf8'));
    if (manifest.ok) return manifest.value.version;
    log.write('warning', 'content.manifest-refused', { message: manifest.error });
  } catch (error) {
    log.write('warning', 'content.manifest-unreadable', { message: describeError(error) });
  }
  return 'none';
}

async function countFingerprints(directory: string): Promise<number> {
  let count = 0;
  for (const path of await filesBelow(join(directory, 'fingerprints'), '.xml').catch(() => [])) {
    count += (await readFile(path, 'utf8')).split('<fingerprint ').length - 1;
  }
  return count;
}

/** Checks of one statement: what is sent stays far below what a database takes. */
const batchSize = 200;

/** Numbers stay: a check that has one keeps it; the content's own number is taken when the check is new and it is free. */
async function storeChecks(
  scope: { readonly subscriptionId: number },
  db: Kysely<Schema>,
  checks: readonly FoundCheck[],
  version: string,
): Promise<void> {
  for (let at = 0; at < checks.length; at += batchSize)
    await storeBatch(scope, db, checks.slice(at, at + batchSize), version);
}

async function storeBatch(
  { subscriptionId }: { readonly subscriptionId: number },
  db: Kysely<Schema>,
  checks: readonly FoundCheck[],
  version: string,
): Promise<void> {
  const rows = checks.map((check) => {
    const { id, number, name, severity } = check.header;
    return { id, number, name, severity, info: infoOf(check) };
  });
  const given = sql`jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as given(id text, number int, name text, severity text, info jsonb)`;
  await sql`
    insert into check_info (subscription_id, id, number, name, severity, info, content_version)
    select ${subscriptionId}, given.id, given.number, given.name, given.severity, given.info, ${version}
    from ${given} where given.number is not null
    on conflict do nothing`.execute(db);
  await ensureCheckNumbers(
    { subscriptionId },
    db,
    rows.map(({ id, name, severity }) => ({ id, name, severity, contentVersion: version })),
  );
  await sql`
    update check_info set name = given.name, severity = given.severity, info = given.info, content_version = ${version}
    from ${given} where check_info.subscription_id = ${subscriptionId} and check_info.id = given.id`.execute(db);
}

function infoOf({ header, origin, signature }: FoundCheck): z.output<typeof storedCheckInfo> {
  return {
    description: header.description,
    impact: header.impact === '' ? null : header.impact,
    remediation: header.remediation === '' ? null : header.remediation,
    references: [...header.references],
    cwe: [...header.cwe],
    cve: [...header.cve],
    cvssVector: header.cvssMetrics,
    cvssScore: header.cvssScore,
    tags: [...header.tags],
    intrusive: header.intrusive.length > 0,
    intrusiveReasons: [...header.intrusive],
    origin,
    signature,
  };
}
