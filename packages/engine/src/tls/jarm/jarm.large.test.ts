import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock, systemRandom } from '@picket/base/adapters/system';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { nodeSockets } from '../../adapters/node-sockets.ts';
import { closedPort } from '../../testing/loopback.ts';
import { askJarm } from './ask-jarm.ts';

const programs = ['/usr/bin/openssl', '/usr/sbin/nginx', '/usr/bin/gnutls-serv'];
const canRun = process.getuid?.() === 0 && programs.every((program) => existsSync(program));
const running: ChildProcess[] = [];
let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'picket-jarm-'));
  if (!canRun) return;
  const subject = ['-subj', '/CN=lab.test', '-days', '9', '-nodes', '-newkey', 'rsa:2048'];
  execFileSync('openssl', ['req', '-x509', ...subject, '-keyout', 'key.pem', '-out', 'cert.pem'], {
    cwd: folder,
    stdio: 'pipe',
  });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
afterEach(async () => {
  for (const child of running.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await ended;
  }
});

async function start(program: string, args: (port: number) => readonly string[]): Promise<number> {
  const port = await closedPort();
  const child = spawn(program, [...args(port)], { cwd: folder, stdio: ['pipe', 'ignore', 'ignore'] });
  running.push(child);
  for (const end = performance.now() + 15_000; performance.now() < end && child.exitCode === null; ) {
    if (await accepts(port)) return port;
    await systemClock.sleep(50);
  }
  throw new Error(`${program} does not listen (exit code ${child.exitCode})`);
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.once('connect', () => resolve(socket.destroy() !== null));
    socket.once('error', () => resolve(false));
  });
}

async function jarm(port: number): Promise<string> {
  const sockets = nodeSockets();
  const open = () => sockets.connectTcp({ address: '127.0.0.1', port, timeoutMs: 2000 });
  const found = await askJarm({ open, random: systemRandom, answerMs: 5000 }, '127.0.0.1');
  return found.ok ? found.value : `${found.error.kind} ${found.error.detail}`;
}

const openssl = (...more: readonly string[]) =>
  start('/usr/bin/openssl', (port) => [
    ...`s_server -accept 127.0.0.1:${port} -www -key key.pem -cert cert.pem`.split(' '),
    ...more,
  ]);

function nginx(): Promise<number> {
  const config = join(folder, 'nginx.conf');
  return start('/usr/sbin/nginx', (port) => {
    const server = `listen 127.0.0.1:${port} ssl http2; ssl_certificate cert.pem; ssl_certificate_key key.pem;`;
    const paths = `client_body_temp_path ${folder}/b; proxy_temp_path ${folder}/p; fastcgi_temp_path ${folder}/f; uwsgi_temp_path ${folder}/u; scgi_temp_path ${folder}/s;`;
    const rest = `http { access_log off; ${paths} server { ${server} } }`;
    writeFileSync(config, `daemon off; user root; pid ${folder}/n.pid; error_log ${folder}/e; events {} ${rest}`);
    return ['-p', folder, '-e', join(folder, 'e'), '-c', config];
  });
}

const gnutls = () =>
  start('/usr/bin/gnutls-serv', (port) =>
    `--port ${port} --http --quiet --x509keyfile key.pem --x509certfile cert.pem`.split(' '),
  );

describe.runIf(canRun)('fingerprints of servers of Debian (needs root and the packages)', () => {
  it('are the same each time, and others for other software and settings', async () => {
    const ports = [await openssl(), await openssl('-tls1_2', '-alpn', 'http/1.1'), await nginx(), await gnutls()];
    const first: string[] = [];
    for (const port of ports) first.push(await jarm(port));
    for (const value of first) expect(value).toMatch(/^[0-9a-f]{62}$/);
    expect(new Set(first).size).toBe(ports.length);
    for (const [index, port] of ports.entries()) expect(await jarm(port)).toBe(first[index]);
    // A server that is told to speak TLS 1.2 alone refuses nothing else of it.
    expect(first[1]?.slice(18, 30)).not.toContain('41');
  });
});
