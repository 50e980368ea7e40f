import { copyFile, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { runCommand } from '@picket/testkit/namespaces/run-command';
import { bootLinks, removeNewBootLinks } from './boot-links.ts';
import { labPackages } from './packages.ts';

const policyPath = '/usr/sbin/policy-rc.d';
const policyBackup = `${policyPath}.picket-lab`;
const aptDeadlineMs = 900_000;

/** Packages of the list that dpkg does not know as installed. */
export async function missingPackages(wanted: readonly string[] = labPackages): Promise<readonly string[]> {
  const result = await runCommand(['dpkg-query', '-W', '-f', '${Package} ${db:Status-Status}\n', ...wanted]);
  const installed = new Set(
    result.stdout
      .split('\n')
      .filter((line) => line.endsWith(' installed'))
      .map((line) => line.split(' ')[0]),
  );
  return wanted.filter((name) => !installed.has(name));
}

/**
 * Installs what is missing with apt (root, Debian). While apt runs, `policy-rc.d` forbids starting services, and the links that packages make to
 * start services at boot are removed; afterwards the machine's own `policy-rc.d` is back. Returns what was installed.
 */
export async function installPackages(wanted: readonly string[] = labPackages): Promise<readonly string[]> {
  const missing = await missingPackages(wanted);
  if (missing.length === 0) return [];
  const enabled = await bootLinks();
  await forbidServices();
  try {
    await apt(['update']);
    await apt(['install', '-y', '--no-install-recommends', ...missing]);
  } finally {
    await removeNewBootLinks(enabled);
    await restorePolicy();
  }
  return missing;
}

async function apt(args: readonly string[]): Promise<void> {
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  const result = await runCommand(['apt-get', '-o', 'DPkg::Lock::Timeout=300', ...args], {
    env,
    timeoutMs: aptDeadlineMs,
  });
  if (result.code !== 0) {
    throw new Error(`apt-get ${args[0]} failed: ${result.stderr.trim().slice(-2000)}; mend apt and run this again`);
  }
}

async function forbidServices(): Promise<void> {
  // A backup that is there already was left by a crashed run and is the true original.
  if (await exists(policyBackup)) return writePolicy();
  if (await exists(policyPath)) await copyFile(policyPath, policyBackup);
  else await writeFile(policyBackup, '');
  await writePolicy();
}

async function writePolicy(): Promise<void> {
  await writeFile(`${policyPath}.new`, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  await rename(`${policyPath}.new`, policyPath);
}

async function restorePolicy(): Promise<void> {
  if ((await readFile(policyBackup, 'utf8')) === '') {
    await rm(policyPath, { force: true });
    await rm(policyBackup);
  } else {
    await rename(policyBackup, policyPath);
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
