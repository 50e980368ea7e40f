import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

interface Running {
  readonly child: ChildProcess;
  readonly ready: { url: string; port: number; firstManager: { login: string; oneTimePassword: string } | null };
  readonly log: () => string;
}

describe('the platform as a process', () => {
  let folder: string;
  let started: ChildProcess[];
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'picket-main-'));
    started = [];
  });
  afterEach(async () => {
    for (const child of started) if (child.exitCode === null) child.kill('SIGKILL');
    await rm(folder, { recursive: true, force: true });
  });

  function spawnMain(flags: readonly string[]): ChildProcess {
    const args = [join(import.meta.dirname, 'main.ts'), '--data', join(folder, 'data'), '--port', '0', ...flags];
    const { DATABASE_URL: _database, NODE_OPTIONS: _options, ...env } = process.env;
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'], env });
    started.push(child);
    return child;
  }

  function start(): Promise<Running> {
    const child = spawnMain([]);
    let [out, log] = ['', ''];
    child.stderr?.on('data', (part: Buffer) => {
      log += part.toString();
    });
    return new Promise((resolve, reject) => {
      child.stdout?.on('data', (part: Buffer) => {
        out += part.toString();
        if (out.includes('\n')) resolve({ child, ready: JSON.parse(out), log: () => log });
      });
      child.once('exit', () => reject(new Error(log)));
    });
  }

  function exitOf(child: ChildProcess): Promise<number | null> {
    return child.exitCode === null
      ? new Promise((resolve) => child.once('exit', resolve))
      : Promise.resolve(child.exitCode);
  }

  it('says in one line that it is ready, answers, ends cleanly on a signal, and keeps its data', async () => {
    const first = await start();
    expect(first.ready.firstManager?.login).toBe('manager');
    const ca = (await readFile(join(folder, 'data/tls/ca.pem'), 'utf8')).replace(
      /^[^]*?(?=-----BEGIN CERTIFICATE)/,
      '',
    );
    const status = await new Promise((resolve, reject) => {
      const asked = request(`${first.ready.url}/healthz`, { ca, family: 4, agent: false }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      });
      asked.on('error', reject);
      asked.end();
    });
    expect(status).toBe(200);
    const before = performance.now();
    first.child.kill('SIGTERM');
    expect(await exitOf(first.child)).toBe(0);
    expect(performance.now() - before).toBeLessThan(5000);
    expect(first.log()).not.toContain(first.ready.firstManager?.oneTimePassword);
    const second = await start();
    expect(second.ready.firstManager).toBeNull();
    second.child.kill('SIGINT');
    expect(await exitOf(second.child)).toBe(0);
  });

  it('refuses a setting that does not exist with a sentence, not a stack', async () => {
    const child = spawnMain(['--listen', '127.0.0.1', '--tls-cert', 'only-one.pem']);
    let text = '';
    child.stderr?.on('data', (part: Buffer) => {
      text += part.toString();
    });
    expect(await exitOf(child)).toBe(2);
    expect(text).toContain('Only one of tlsCertFile and tlsKeyFile is set.');
    expect(text).not.toContain('    at ');
  });
});
