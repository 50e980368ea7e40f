import { createHash } from 'node:crypto';
import { appendFileSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { LoginTryStore } from '../checks/login-tries.ts';

/** From this size on the lines of past days are dropped, bytes. */
const compactFrom = 65_536;

/**
 * Counts tries to log in over the ends of jobs and processes: a line for each in one file, `day digest`, which names neither host nor
 * account. Several processes may write to it. Throws when the file can't be read or written: then nobody may try.
 */
export function loginTriesFile(file: string): LoginTryStore {
  let counts = new Map<string, number>();
  let readBytes = -1;
  const digest = (key: string) => createHash('sha256').update(key).digest('base64url');
  const refresh = (day: string): void => {
    const size = sizeOf(file);
    if (size === readBytes) return;
    counts = countLines(size === 0 ? '' : readFileSync(file, 'utf8'));
    readBytes = size;
    if (size >= compactFrom) readBytes = compact(file, day);
  };
  return {
    count(day, key) {
      refresh(day);
      return counts.get(`${day} ${digest(key)}`) ?? 0;
    },
    add(day, key) {
      mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
      appendFileSync(file, `${day} ${digest(key)}\n`, { mode: 0o600 });
    },
  };
}

function countLines(text: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const line of text.split('\n')) if (line !== '') counts.set(line, (counts.get(line) ?? 0) + 1);
  return counts;
}

/** Keeps the lines of one day; the size of the file then. A line that another process adds meanwhile may be lost: a try more, once. */
function compact(file: string, day: string): number {
  const kept = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith(day))
    .map((line) => `${line}\n`)
    .join('');
  writeFileSync(`${file}.new`, kept, { mode: 0o600 });
  renameSync(`${file}.new`, file);
  return kept.length;
}

function sizeOf(file: string): number {
  try {
    return statSync(file).size;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return 0;
    throw error;
  }
}
