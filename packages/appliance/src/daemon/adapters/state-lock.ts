import { readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { userError } from '@picket/base/error';
import { createFile, readIfThere, removeFile } from './private-files.ts';

/**
 * One daemon per state directory: two would number one spool twice. The lock names process and its start time, so that
 * a lock left by a killed daemon is seen to be stale even when its process number was given away again.
 */
export async function lockState(stateDirectory: string): Promise<() => Promise<void>> {
  const path = join(stateDirectory, 'lock');
  const own = `${process.pid} ${await startTime(process.pid)}\n`;
  for (let attempt = 0; attempt < 3; attempt += 1) {
    if (await createFile(path, own)) return () => removeFile(path);
    const held = await readIfThere(path);
    if (held === null) continue;
    if (await isHeld(held)) break;
    await rename(path, `${path}.stale`).catch(() => {});
  }
  const holder = (await readIfThere(path))?.split(' ')[0] ?? 'unknown';
  throw userError(
    'appliance.already-running',
    `An appliance (process ${holder}) already runs with the state directory ${stateDirectory}.`,
    'Stop it first, or give this one another directory with --state.',
  );
}

async function isHeld(lock: string): Promise<boolean> {
  const [pid, start] = lock.trim().split(' ');
  const current = await startTime(Number(pid));
  return current !== null && current === start;
}

/** Fields 3 and 22 of `/proc/<pid>/stat` (proc(5)); null when there is no such process. Elsewhere than on Linux: the pid's existence. */
async function startTime(pid: number): Promise<string | null> {
  if (!Number.isSafeInteger(pid) || pid <= 0) return null;
  if (process.platform !== 'linux') return alive(pid) ? 'alive' : null;
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  const fields = text?.slice(text.lastIndexOf(')') + 2).split(' ') ?? [];
  // A process that has ended keeps its number until its parent, or that of a killed launcher, asks for its exit code.
  return fields[0] === 'Z' || fields[0] === 'X' ? null : (fields[19] ?? null);
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
