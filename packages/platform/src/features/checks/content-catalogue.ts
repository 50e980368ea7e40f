import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packFiles } from '@picket/base/adapters/pack-files';
import { describeError } from '@picket/base/error';
import type { Log } from '@picket/base/log';
import type { CheckHeader } from '@picket/checks/check';
import { compileCheck } from '@picket/checks/compile-check';
import { parseContentManifest } from '@picket/checks/content-manifest';
import { type Kysely, sql } from 'kysely';
import type { z } from 'zod';
import type { storedCheckInfo } from '../../server/check-info.ts';
import type { ContentSummary, PlatformContext } from '../../server/context.ts';
import { ensureCheckNumbers } from '../../storage/check-numbers.ts';
import type { Schema } from '../../storage/schema.ts';

/** Content shipped with this checkout. */
export const shippedContentDirectory = join(import.meta.dirname, '../../../../../content');

/** Largest file of content that is read, bytes. */
const fileLimit = 1_000_000;

/** Reads the metadata of all checks and takes it over into `check_info`. Bad files are logged and left out. */
export async function loadContentCatalogue(
  context: Pick<PlatformContext, 'database' | 'subscriptionId' | 'log'>,
  directory: string,
): Promise<ContentSummary> {
  const version = await readVersion(directory, context.log);
  const headers: CheckHeader[] = [];
  const files = packFiles(directory);
  for (const path of await filesBelow(join(directory, 'checks'), '.yaml')) {
    // Beside each check lie the recorded answers it is tested with.
    if (path.endsWith('.examples.yaml')) continue;
    const text = await readFile(path, 'utf8');
    const check = text.length <= fileLimit ? compileCheck(text, files) : null;
    if (check?.ok) headers.push(check.value);
    else context.log.write('warning', 'content.check-refused', { file: path.slice(directory.length + 1) });
  }
  await storeChecks({ subscriptionId: context.subscriptionId }, context.database.db, headers, version);
  return { version, checks: headers.length, fingerprints: await countFingerprints(directory) };
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

async function filesBelow(directory: string, ending: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(directory, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile() && entry.name.endsWith(ending));
    return files.map((entry) => join(entry.parentPath, entry.name)).sort();
  } catch {
    return [];
  }
}

async function countFingerprints(directory: string): Promise<number> {
  let count = 0;
  for (const path of await filesBelow(join(directory, 'fingerprints'), '.xml')) {
    count += (await readFile(path, 'utf8')).split('<fingerprint ').length - 1;
  }
  return count;
}

/** Numbers stay: a check that has one keeps it; the content's own number is taken when the check is new and it is free. */
async function storeChecks(
  scope: { readonly subscriptionId: number },
  db: Kysely<Schema>,
  headers: readonly CheckHeader[],
  version: string,
): Promise<void> {
  for (const header of headers) {
    const info = JSON.stringify(infoOf(header));
    if (header.number !== null) {
      await sql`
        insert into check_info (subscription_id, id, number, name, severity, info, content_version)
        values (${scope.subscriptionId}, ${header.id}, ${header.number}, ${header.name}, ${header.severity}, ${info}, ${version})
        on conflict do nothing`.execute(db);
    }
    const { id, name, severity } = header;
    await ensureCheckNumbers(scope, db, [{ id, name, severity, contentVersion: version }]);
    await db
      .updateTable('check_info')
      .set({ name, severity, info, content_version: version })
      .where('subscription_id', '=', scope.subscriptionId)
      .where('id', '=', id)
      .execute();
  }
}

function infoOf(header: CheckHeader): z.output<typeof storedCheckInfo> {
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
  };
}
