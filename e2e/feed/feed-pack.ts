import { existsSync } from 'node:fs';
import { cp, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { safetyRules } from '@picket/checks/safety-rules';
import { loadContent } from '@picket/engine/adapters/content-loader';

/** A slice of a public template feed. It lies beside the repository and is test data only. */
const feedFolder = fileURLToPath(new URL('../../../shared/feeds/nuclei-templates', import.meta.url));
const ownContent = fileURLToPath(new URL('../../content', import.meta.url));

/** Why the feed cannot be tested here; null when it can. */
export function whyNoFeed(): string | null {
  return existsSync(feedFolder) ? null : 'the slice of public templates does not lie beside the repository';
}

/**
 * A content folder for `picket scan --content`: the feed's templates and our own checks, our fingerprints, and the files that templates
 * read. Templates with word lists, which send hundreds of requests to every site, and those that give passwords, which would use up the few
 * tries that an account has a day, are left out unless `wanted` (ids) has them. Disposing deletes it.
 */
export async function feedPack(wanted: ReadonlySet<string>): Promise<AsyncDisposable & { readonly folder: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'picket-feed-'));
  const manifest = { name: 'feed', version: '20261129.1', engineLevel: 1 };
  await writeFile(join(folder, 'manifest.json'), JSON.stringify(manifest));
  await cp(join(ownContent, 'fingerprints'), join(folder, 'fingerprints'), { recursive: true });
  const filter = (path: string) => isWanted(path, wanted);
  await cp(join(ownContent, 'checks'), join(folder, 'checks', 'own'), { recursive: true, filter });
  for (const entry of await readdir(feedFolder)) {
    const into = entry === 'helpers' ? folder : join(folder, 'checks');
    await cp(join(feedFolder, entry), join(into, entry), { recursive: true, filter });
  }
  await leaveOutLogins(folder, wanted);
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
}

async function isWanted(path: string, wanted: ReadonlySet<string>): Promise<boolean> {
  if (!path.endsWith('.yaml') || !(await stat(path)).isFile()) return true;
  const text = await readFile(path, 'utf8');
  return wanted.has(idOf(text)) || !/^ *payloads:/m.test(text);
}

/** Deletes the checks that give a password, to log in or to set it. */
async function leaveOutLogins(folder: string, wanted: ReadonlySet<string>): Promise<void> {
  const { checks } = await loadContent(folder);
  const reasons: readonly string[] = [safetyRules.credentials.reason, safetyRules.accounts.reason];
  const logins = checks.filter(({ intrusive }) => intrusive.some((each) => reasons.includes(each)));
  const unwanted = new Set(logins.map(({ id }) => id).filter((id) => !wanted.has(id)));
  for (const entry of await readdir(join(folder, 'checks'), { recursive: true })) {
    const path = join(folder, 'checks', entry);
    if (path.endsWith('.yaml') && unwanted.has(idOf(await readFile(path, 'utf8')))) await rm(path);
  }
}

function idOf(template: string): string {
  return /^id: (\S+)/m.exec(template)?.[1] ?? '';
}
