import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { askDoctor } from '../local/ask-doctor.ts';
import { consoleSocketName } from '../local/console-messages.ts';
import { type ApplianceStatus, applianceStatus } from '../local/status.ts';
import { harvest, temporaryFolder, until } from '../testing/appliance-bench.ts';
import { PlatformStandIn } from '../testing/platform-stand-in.ts';

const entry = fileURLToPath(new URL('main.ts', import.meta.url));
const cleanUps: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

async function stage() {
  const stand = await PlatformStandIn.start();
  cleanUps.push(() => stand.stop());
  const folder = await temporaryFolder();
  cleanUps.push(folder.remove);
  stand.activated = true;
  return { stand, state: folder.path };
}

interface Running {
  readonly child: ChildProcess;
  readonly seen: ApplianceStatus[];
  readonly stderr: () => string;
  readonly exit: Promise<number | string | null>;
}

/** The daemon as the command line starts it. */
function run(args: readonly string[]): Running {
  const child = spawn(process.execPath, [entry, ...args, '--json'], { stdio: ['ignore', 'pipe', 'pipe'] });
  const seen: ApplianceStatus[] = [];
  let stderr = '';
  let rest = '';
  child.stdout.on('data', (chunk: Buffer) => {
    const lines = (rest + chunk.toString('utf8')).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) seen.push(applianceStatus.parse(JSON.parse(line)));
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString('utf8');
  });
  const exit = new Promise<number | string | null>((resolve) =>
    child.once('exit', (code, signal) => resolve(signal ?? code)),
  );
  cleanUps.push(async () => {
    child.kill('SIGKILL');
    await exit;
  });
  return { child, seen, stderr: () => stderr, exit };
}

async function listeners(count: number): Promise<number[]> {
  const ports: number[] = [];
  for (let index = 0; index < count; index += 1) {
    const server: Server = createServer((socket) => socket.on('error', () => {}).end('hello\r\n'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    cleanUps.push(() => new Promise((resolve) => server.close(resolve)));
    ports.push((server.address() as AddressInfo).port);
  }
  return ports.sort((a, b) => a - b);
}

describe('the daemon process', () => {
  it('scans loopback listeners with the real worker, shows it as JSON lines, and ends on SIGTERM', async () => {
    const { stand, state } = await stage();
    const ports = await listeners(3);
    const daemon = run(['--state', state, '--enrolment', stand.enrolment]);
    await until('ready', () => daemon.seen.at(-1)?.state === 'ready');
    stand.grant({ ports: { tcp: ports.join(','), udp: '' }, phases: ['discovery', 'ports'] });
    await until('slice', () => harvest(stand).outcomes.length === 1);
    expect(harvest(stand)).toEqual({ ports: ports.map((port) => `127.0.0.1:${port}`).sort(), outcomes: ['complete'] });
    daemon.child.kill('SIGTERM');
    expect(await daemon.exit).toBe(0);
    expect(daemon.seen.at(-1)?.state).toBe('stopped');
  });

  it('examines its way to the platform when it is asked, as often as it is asked', async () => {
    const { stand, state } = await stage();
    const daemon = run(['--state', state, '--enrolment', stand.enrolment]);
    await until('ready', () => daemon.seen.at(-1)?.state === 'ready');
    const socket = join(state, consoleSocketName);
    await until('socket', () => existsSync(socket));
    const running = new Set<string>();
    const ask = () =>
      askDoctor(
        socket,
        ({ steps }) => running.add(steps.find(({ outcome }) => outcome === 'running')?.part ?? ''),
        AbortSignal.timeout(60_000),
      );
    const { report, status } = await ask();
    const outcomes = Object.fromEntries(report.steps.map(({ part, outcome }) => [part, outcome]));
    // This machine may have no gateway that answers: then that step tells so, and nothing behind it was tested.
    const behind = report.error === null ? 'ok' : 'not-tested';
    expect(outcomes).toMatchObject({ platform: behind, endpoints: behind, clock: behind, transfer: behind });
    expect(status.state).toBe('ready');
    expect(running.size).toBeGreaterThan(1);
    expect((await ask()).report.endedAt).not.toBe(report.endedAt);
  });

  it('lets the allow-list of the appliance have the last word', async () => {
    const { stand, state } = await stage();
    const ports = await listeners(1);
    const list = `${state}/allow.txt`;
    await import('node:fs/promises').then(({ writeFile }) => writeFile(list, '10.0.0.0/8\n'));
    const daemon = run(['--state', state, '--enrolment', stand.enrolment, '--allow-list', list]);
    await until('ready', () => daemon.seen.at(-1)?.state === 'ready');
    stand.grant({ ports: { tcp: ports.join(','), udp: '' } });
    await until('slice', () => harvest(stand).outcomes.length === 1);
    expect(harvest(stand).ports).toEqual([]);
  });

  it('goes on after it was killed in the middle of a lease: nothing is lost, no unit ends twice', async () => {
    const { stand, state } = await stage();
    const ports = await listeners(2);
    const args = ['--state', state, '--enrolment', stand.enrolment];
    const first = run(args);
    await until('ready', () => first.seen.at(-1)?.state === 'ready');
    const blocks = ['127.0.0.1', '127.0.0.2', '127.0.0.3', '127.0.0.4'];
    const closed = Array.from({ length: 150 }, (_, index) => index + 1).filter((port) => !ports.includes(port));
    stand.grant({
      blocks,
      ports: { tcp: [...closed, ...ports].join(','), udp: '' },
      profile: { ...slow, hostsAtOnce: 1 },
    });
    await until(
      'first results',
      () =>
        stand.events.some(
          ({ event }) => event.type === 'unit' && event.state === 'done' && event.unit.phase === 'ports',
        ),
      30_000,
    );
    first.child.kill('SIGKILL');
    await first.exit;
    const second = run(args);
    await until('slice', () => harvest(stand).outcomes.length === 1, 40_000);
    expect(second.stderr()).toContain('worker.started');
    expect(harvest(stand).outcomes).toEqual(['complete']);
    expect(harvest(stand).ports).toEqual(ports.map((port) => `127.0.0.1:${port}`).sort());
    expect(stand.events.map((event) => event.seq)).toEqual(stand.events.map((_, index) => index + 1));
    const ended = stand.events.flatMap(({ event }) =>
      event.type === 'unit' && event.state !== 'running' ? [`${event.unit.phase}/${event.unit.subject}`] : [],
    );
    expect(new Set(ended).size).toBe(ended.length);
  });

  it('exits with 2 and a sentence when it does not know its platform', async () => {
    const { state } = await stage();
    const daemon = run(['--state', state]);
    expect(await daemon.exit).toBe(2);
    expect(daemon.stderr()).toContain('--enrolment');
  });

  it('gives the worker next to no environment, and the worker ends with the daemon', async () => {
    const { stand, state } = await stage();
    const daemon = run(['--state', state, '--enrolment', stand.enrolment]);
    await until('ready', () => daemon.seen.at(-1)?.state === 'ready');
    stand.grant({ blocks: ['127.0.0.1-127.0.0.200'], ports: { tcp: '1-100', udp: '' }, profile: slow });
    const pid = () => /"worker.started".*?"pid":([0-9]+)/.exec(daemon.stderr())?.[1];
    await until('worker', () => pid() !== undefined);
    const environment = readFileSync(`/proc/${pid()}/environ`, 'utf8');
    expect(
      environment
        .split('\0')
        .filter(Boolean)
        .map((line) => line.split('=')[0])
        .sort(),
    ).toEqual(['LANG', 'NODE_COMPILE_CACHE', 'PATH']);
    // It is told of nothing but what it may write itself.
    const command = readFileSync(`/proc/${pid()}/cmdline`, 'utf8').split('\0');
    expect(command.filter((word) => word.includes(state))).toEqual([
      `${state}/cache/templates`,
      `${state}/worker/login-tries`,
    ]);
    expect(environment).not.toContain('key.pem');
    daemon.child.kill('SIGKILL');
    await daemon.exit;
    await until('worker gone', () => !alive(Number(pid())));
  });
});

const slow = {
  name: 'normal' as const,
  packetsPerSecond: 200,
  packetsPerSecondPerHost: 200,
  hostsAtOnce: 4,
  connectionsPerHost: 8,
  checksPerHost: 1,
  connectTimeoutMs: 500,
  retries: 0,
};

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
