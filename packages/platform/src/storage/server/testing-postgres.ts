import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';

const binaries = '/usr/lib/postgresql/15/bin';

/** Debian's PostgreSQL 15 is installed and this process may become its user. */
export function canRunPostgres(): boolean {
  return process.getuid?.() === 0 && existsSync(join(binaries, 'postgres'));
}

/**
 * Ends the server when the test process is gone, however it went (its end of the pipe closes): SIGQUIT is PostgreSQL's
 * immediate shutdown, as a crash would be. The folder goes too, unless the last word was `keep`.
 */
const supervisor = `"$@" & server=$!; read -r last; kill -QUIT $server; wait $server; [ "$last" = keep ] || rm -rf "$0"`;

/** A server of its own in a temporary folder, on a loopback port, with neither a password nor fsync. */
export interface PostgresServer {
  url(database: string): string;
  /** The same over its Unix socket: reaches it from a network namespace. */
  socketUrl(database: string): string;
  administer(statement: string): Promise<void>;
  /** Ends it at once, as a crash would. */
  crash(): Promise<void>;
  /** Starts it again on the same folder and port. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

export async function startPostgres(): Promise<PostgresServer> {
  const uid = Number(execFileSync('id', ['-u', 'postgres'], { encoding: 'utf8' }));
  const gid = Number(execFileSync('id', ['-g', 'postgres'], { encoding: 'utf8' }));
  const folder = mkdtempSync(join(tmpdir(), 'picket-postgres-'));
  chownSync(folder, uid, gid);
  const data = join(folder, 'data');
  execFileSync(
    join(binaries, 'initdb'),
    ['-D', data, '-U', 'picket', '-A', 'trust', '-E', 'UTF8', '--no-sync', '--locale=C.UTF-8'],
    {
      uid,
      gid,
      cwd: folder,
      stdio: 'ignore',
    },
  );
  const port = await freePort();
  let child: ChildProcess | null = null;

  const start = async () => {
    const settings = [
      `port=${port}`,
      'listen_addresses=127.0.0.1',
      `unix_socket_directories=${folder}`,
      'fsync=off',
      'max_connections=60',
    ];
    const server = [join(binaries, 'postgres'), '-D', data, ...settings.flatMap((setting) => ['-c', setting])];
    const started = spawn('/bin/sh', ['-c', supervisor, folder, ...server], {
      uid,
      gid,
      cwd: '/',
      stdio: ['pipe', 'ignore', 'pipe'],
    });
    child = started;
    await readyLine(started);
    // Neither the process nor its output keeps a test process from ending.
    started.unref();
  };
  const end = async (last: 'keep' | 'remove') => {
    const running = child;
    child = null;
    if (!running || running.exitCode !== null) return;
    const exited = new Promise<void>((resolve) => running.once('exit', () => resolve()));
    // What waits for its end waits for it alone.
    running.ref();
    running.stdin?.end(`${last}\n`);
    await exited;
  };
  await start();
  const url = (database: string) => `postgres://picket@127.0.0.1:${port}/${database}`;
  return {
    url,
    socketUrl: (database) => `postgres://picket@localhost/${database}?host=${encodeURIComponent(folder)}&port=${port}`,
    administer: async (statement) => {
      const client = new pg.Client({ connectionString: url('postgres') });
      await client.connect();
      try {
        await client.query(statement);
      } finally {
        await client.end();
      }
    },
    crash: () => end('keep'),
    start,
    stop: () => end('remove'),
  };
}

/** PostgreSQL can't listen on 0 and say which it got, so a port that was free a moment ago is taken. */
async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

function readyLine(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let log = '';
    child.stderr?.setEncoding('utf8');
    child.stderr?.on('data', (text: string) => {
      log = (log + text).slice(-4000);
      if (log.includes('ready to accept connections')) resolve();
    });
    child.once('exit', () => reject(new Error(`PostgreSQL did not start: ${log}`)));
    child.once('error', reject);
  });
}
