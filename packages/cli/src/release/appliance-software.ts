import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';
import { userError } from '@picket/base/error';
import { z } from 'zod';
import { projectRoot } from '../programs.ts';
import { softwareEntry } from './make-bundle.ts';

const packageFile = z.looseObject({
  dependencies: z.record(z.string(), z.string()).default({}),
  optionalDependencies: z.record(z.string(), z.string()).default({}),
});

/** What a package needs at run time is none of these files; its folders may be called anything. */
const notNeeded = /\.([cm]?ts|map|md|markdown|c|cc|cpp|h|hh)$/;
const ownTests = /\.test\.ts$|^(testing|screens-seen|content-testing)$/;

/**
 * Writes the software of an appliance as a release holds it: our packages with their types taken out (Node.js strips none below `node_modules`), the
 * packages of others that they need, and the entry that the launcher starts. `folder` must not exist. Gives the number of packages.
 */
export async function writeApplianceSoftware(folder: string): Promise<number> {
  await mkdir(folder).catch((error: unknown) => {
    const why = error instanceof Error ? error.message : 'unknown';
    throw userError(
      'release.folder-exists',
      `The folder ${folder} can't be made: ${why}.`,
      'Name one that does not exist.',
    );
  });
  await writeFile(join(folder, softwareEntry), "await import('@picket/appliance/daemon/main');\n");
  await writeFile(join(folder, 'package.json'), `${JSON.stringify({ type: 'module', private: true })}\n`);
  const done = new Set<string>();
  await addPackage('@picket/appliance', folder, done);
  return done.size;
}

async function addPackage(name: string, folder: string, done: Set<string>): Promise<void> {
  if (done.has(name)) return;
  const own = name.startsWith('@picket/');
  const from = own
    ? join(projectRoot, 'packages', name.slice('@picket/'.length))
    : join(projectRoot, 'node_modules', name);
  const text = await readFile(join(from, 'package.json'), 'utf8').catch(() => null);
  // A package for another kind of machine is not installed here.
  if (text === null) return;
  done.add(name);
  const to = join(folder, 'node_modules', name);
  if (own) {
    await copyTree(join(from, 'src'), join(to, 'src'), ownTests, strip);
    const { version } = z.looseObject({ version: z.string() }).parse(JSON.parse(text));
    const made = { name, version, type: 'module', exports: { './*': './src/*.js' } };
    await writeFile(join(to, 'package.json'), `${JSON.stringify(made)}\n`);
  } else await copyTree(from, to, notNeeded, copyFile);
  const { dependencies, optionalDependencies } = packageFile.parse(JSON.parse(text));
  for (const each of Object.keys({ ...dependencies, ...optionalDependencies })) await addPackage(each, folder, done);
}

type Copy = (from: string, to: string) => Promise<void>;

/** Copies plain files; links and what the pattern names stay behind. */
async function copyTree(from: string, to: string, without: RegExp, copy: Copy): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const entry of await readdir(from, { withFileTypes: true })) {
    if (without.test(entry.name)) continue;
    if (entry.isDirectory()) await copyTree(join(from, entry.name), join(to, entry.name), without, copy);
    else if (entry.isFile()) await copy(join(from, entry.name), join(to, entry.name));
  }
}

/** A module as JavaScript. Names of modules in texts, as worker threads and programs are started by, follow. */
async function strip(from: string, to: string): Promise<void> {
  if (!from.endsWith('.ts')) return copyFile(from, to);
  const code = stripTypeScriptTypes(await readFile(from, 'utf8'));
  await writeFile(to.replace(/\.ts$/, '.js'), code.replaceAll(/(['"])(\.{1,2}\/[^'"\n]*)\.ts\1/g, '$1$2.js$1'));
}
