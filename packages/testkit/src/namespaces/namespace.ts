import { readdir } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { mustRun, runCommand } from './run-command.ts';

const namespaceFolder = '/run/netns';

/** Makes a named network namespace with its loopback up and no interface besides it. Fails when the name is taken. */
export async function createNamespace(name: string): Promise<void> {
  if (!/^[a-z0-9][a-z0-9.-]{0,62}$/.test(name)) {
    throw new Error(`"${name}" is no namespace name: use lower-case letters, digits, dots and hyphens, 63 at most`);
  }
  await mustRun(['ip', 'netns', 'add', name]);
  await mustRun(['ip', '-n', name, 'link', 'set', 'lo', 'up']);
}

/** Names of all namespaces on this machine that begin with `prefix`, sorted. */
export async function listNamespaces(prefix: string): Promise<readonly string[]> {
  const names = await readdir(namespaceFolder).catch(() => []);
  return names.filter((name) => name.startsWith(prefix)).toSorted();
}

/** Ids of the processes that live in a namespace, as this machine counts them. */
export async function namespacePids(name: string): Promise<readonly number[]> {
  const result = await runCommand(['ip', 'netns', 'pids', name]);
  return result.stdout.split('\n').filter(Boolean).map(Number);
}

/**
 * Kills every process inside a namespace and deletes it. The processes are found through the namespace itself, so nothing outside it can
 * be hit, and one that was left by a crashed run is found too. A namespace that does not exist is a success.
 */
export async function destroyNamespace(name: string, deadlineMs = 10_000): Promise<void> {
  if (!(await listNamespaces(name)).includes(name)) return;
  const deadline = performance.now() + deadlineMs;
  for (let pids = await namespacePids(name); pids.length > 0; pids = await namespacePids(name)) {
    for (const pid of pids) killQuietly(pid);
    if (performance.now() > deadline)
      throw new Error(`namespace ${name}: processes ${pids.join(', ')} survive SIGKILL`);
    await delay(20);
  }
  await mustRun(['ip', 'netns', 'delete', name]);
}

function killQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone between the listing and the signal, which is what was wanted.
  }
}
