import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PicketError } from '@picket/base/error';

/**
 * Keeps a second process away from the files of the embedded database, which would ruin them. The lock names its
 * process and when that started (`/proc`, where there is one): a lock left by a killed process, also when its number
 * was given to another one since, is taken over. Returns the function that gives it up.
 */
export function lockDirectory(directory: string): () => void {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const path = join(directory, 'picket.lock');
  for (let attempt = 0; ; attempt++) {
    try {
      writeFileSync(path, JSON.stringify({ pid: process.pid, started: processStart(process.pid) }), {
        flag: 'wx',
        mode: 0o600,
      });
      return () => rmSync(path, { force: true });
    } catch (error) {
      if (!(error instanceof Error) || Reflect.get(error, 'code') !== 'EEXIST' || attempt > 0) throw error;
      const holder = readHolder(path);
      if (holder !== null && isRunning(holder)) throw busy(directory, holder.pid);
      rmSync(path, { force: true });
    }
  }
}

interface Holder {
  readonly pid: number;
  readonly started: string | null;
}

function readHolder(path: string): Holder | null {
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (typeof value !== 'object' || value === null) return null;
    const pid: unknown = Reflect.get(value, 'pid');
    const started: unknown = Reflect.get(value, 'started');
    return typeof pid === 'number' ? { pid, started: typeof started === 'string' ? started : null } : null;
  } catch {
    // Half written by a process that was killed: nobody holds it.
    return null;
  }
}

function isRunning(holder: Holder): boolean {
  const started = processStart(holder.pid);
  if (started !== null && holder.started !== null) return started === holder.started;
  try {
    process.kill(holder.pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && Reflect.get(error, 'code') === 'EPERM';
  }
}

/** Clock ticks after boot at which a process started, and its state; null without /proc, without it, or for a zombie. */
function processStart(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // Field 2 is the name in brackets and may hold anything; 3 is the state, 22 the start (proc(5)).
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? null : (fields[19] ?? null);
  } catch {
    return null;
  }
}

function busy(directory: string, pid: number): PicketError {
  return new PicketError({
    code: 'storage.directory-locked',
    kind: 'user',
    message: `The data folder ${directory} is in use by the process ${pid}.`,
    hint: 'Stop the other Picket first, or name another folder with --data.',
  });
}
