import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { mustRun } from '@picket/testkit/namespaces/run-command';
import { type NpmProduct, npmProducts } from './npm-product.ts';

const cacheFolder = '/var/cache/picket-lab';
const installDeadlineMs = 600_000;
const buildDeadlineMs = 300_000;

/** Where a product is once it is installed: outside the project, and readable from inside the lab's hosts. */
export function productFolder(product: NpmProduct): string {
  return join(cacheFolder, product.id);
}

/** Products that are not in the cache. */
export function missingProducts(): readonly NpmProduct[] {
  return Object.values(npmProducts).filter((product) => !existsSync(productFolder(product)));
}

/**
 * Brings what is missing into the cache with npm, by exact version and without running any install script of a package, and builds the sites
 * offline and without privileges. Says what it does; a product that can't be had (no registry) is named with the reason and left out.
 */
export async function installProducts(say: (line: string) => void): Promise<void> {
  const missing = missingProducts();
  if (missing.length === 0) return;
  const megabytes = missing.reduce((sum, product) => sum + product.megabytes, 0);
  say(
    `Fetching ${missing.map(({ id }) => id).join(', ')} for the lab into ${cacheFolder} (once; about ${megabytes} MB)`,
  );
  for (const product of missing) {
    const began = performance.now();
    const problem = await install(product).then(
      () => null,
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
    const seconds = ((performance.now() - began) / 1000).toFixed(0);
    if (problem === null) say(`  ${product.id}: ${seconds} s`);
    else say(`  ${product.id} could not be installed, tests that need it are skipped: ${problem.slice(-400)}`);
  }
}

/** In a folder of its own that takes the product's name only when all is done: a killed installation leaves nothing half. */
async function install(product: NpmProduct): Promise<void> {
  const done = productFolder(product);
  const folder = `${done}.new`;
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true, mode: 0o755 });
  try {
    await writeFile(join(folder, 'package.json'), '{ "private": true }\n');
    const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--save-exact', '--loglevel=error'];
    await mustRun([...npm(), 'install', ...options, ...product.packages], {
      cwd: folder,
      timeoutMs: installDeadlineMs,
    });
    if (product.site) await buildSite(folder, product.site);
    await rename(folder, done);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

/** The npm that runs this program, or the one on the path. */
function npm(): readonly string[] {
  const cli = process.env.npm_execpath;
  return cli === undefined ? ['npm'] : [process.execPath, cli];
}

async function buildSite(folder: string, site: NonNullable<NpmProduct['site']>): Promise<void> {
  for (const [path, content] of Object.entries(site.files)) {
    const file = join(folder, 'site', path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
  }
  await mustRun(['chown', '-R', 'nobody:nogroup', join(folder, 'site')]);
  const nobody = ['setpriv', '--reuid=nobody', '--regid=nogroup', '--clear-groups', '--'];
  await mustRun(['unshare', '--net', ...nobody, process.execPath, ...site.build], {
    cwd: folder,
    timeoutMs: buildDeadlineMs,
    env: { NEXT_TELEMETRY_DISABLED: '1', HOME: join(folder, 'site') },
  });
}
