import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loginTriesOf } from '../checks/login-tries.ts';
import { loginTriesFile } from './login-tries-file.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'picket-tries-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const noon = Date.UTC(2026, 10, 29, 12);
const day = 86_400_000;

describe('tries to log in, counted in a file', () => {
  it('are three for an account, a host and a day, whichever process, service and port asks', () => {
    const file = join(folder, 'state', 'login-tries');
    const one = loginTriesOf(loginTriesFile(file), '192.0.2.7', () => noon);
    const other = loginTriesOf(loginTriesFile(file), '192.0.2.7', () => noon);
    expect([one.mayTry('ssh', 22, 'root'), other.mayTry('http', 80, 'Root'), one.mayTry('ftp', 21, 'root')]).toEqual([
      true,
      true,
      true,
    ]);
    expect([one.mayTry('ssh', 22, 'root'), other.mayTry('ssh', 22, 'root')]).toEqual([false, false]);
    expect(one.mayTry('ssh', 22, 'admin')).toBe(true);
    expect(loginTriesOf(loginTriesFile(file), '192.0.2.8', () => noon).mayTry('ssh', 22, 'root')).toBe(true);
    expect(loginTriesOf(loginTriesFile(file), '192.0.2.7', () => noon + day).mayTry('ssh', 22, 'root')).toBe(true);
    expect(readFileSync(file, 'utf8')).not.toMatch(/root|192\.0\.2/);
  });

  it('forget past days when the file grows, and keep the day', () => {
    const file = join(folder, 'login-tries');
    writeFileSync(file, `${'2026-11-01 x\n'.repeat(6000)}`);
    const tries = loginTriesOf(loginTriesFile(file), '192.0.2.7', () => noon);
    for (let at = 0; at < 3; at += 1) expect(tries.mayTry('ssh', 22, 'root')).toBe(true);
    expect(tries.mayTry('ssh', 22, 'root')).toBe(false);
    expect(readFileSync(file, 'utf8').split('\n')).toHaveLength(4);
  });

  it('are refused when they cannot be counted', () => {
    const file = join(folder, 'in-the-way');
    mkdirSync(file);
    expect(loginTriesOf(loginTriesFile(file), '192.0.2.7', () => noon).mayTry('ssh', 22, 'root')).toBe(false);
  });
});
