import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { profiles } from '@picket/plan/profile';
import { afterEach, expect, it } from 'vitest';
import { harvest, temporaryFolder, until } from '../testing/appliance-bench.ts';
import { PlatformStandIn } from '../testing/platform-stand-in.ts';

const entry = fileURLToPath(new URL('main.ts', import.meta.url));
const cleanUps: (() => Promise<unknown> | void)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

const count = 300;

/** Content whose every check asks for a page of its own; every thirtieth page is weak. */
async function contentFolder(parent: string): Promise<string> {
  const folder = join(parent, 'content');
  await mkdir(join(folder, 'checks'), { recursive: true });
  await writeFile(join(folder, 'manifest.json'), '{"name":"tried","version":"20261129.1","engineLevel":1}');
  for (let index = 0; index < count; index += 1)
    await writeFile(
      join(folder, 'checks', `check-${index}.yaml`),
      `id: check-${index}\ninfo:\n  name: ${index}\n  severity: low\nhttp:\n  - path: ["{{BaseURL}}/page-${index}"]\n    matchers:\n      - type: word\n        words: ["weak"]\n`,
    );
  return folder;
}

async function webServer() {
  const asked = new Map<string, number>();
  const server = createServer((request, response) => {
    const page = /^\/page-([0-9]+)$/.exec(request.url ?? '')?.[1];
    if (page !== undefined) asked.set(page, (asked.get(page) ?? 0) + 1);
    setTimeout(() => response.end(page !== undefined && Number(page) % 30 === 0 ? 'weak' : 'strong'), 15);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanUps.push(() => void server.close());
  return { asked, port: (server.address() as AddressInfo).port };
}

function start(args: readonly string[]): { readonly child: ChildProcess; readonly workers: () => number[] } {
  const child = spawn(process.execPath, [entry, ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
  const gone = new Promise((resolve) => child.once('exit', resolve));
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString('utf8');
  });
  cleanUps.push(() => {
    child.kill('SIGKILL');
    return gone;
  });
  return {
    child,
    workers: () => [...stderr.matchAll(/"worker.started".*?"pid":([0-9]+)/g)].map(([, pid]) => Number(pid)),
  };
}

it('goes on inside a host whose checks a dead worker had begun: most are not asked again, none is left out', async () => {
  const stand = await PlatformStandIn.start();
  cleanUps.push(() => stand.stop());
  stand.activated = true;
  const folder = await temporaryFolder();
  cleanUps.push(folder.remove);
  const { asked, port } = await webServer();
  const content = await contentFolder(folder.path);
  const state = join(folder.path, 'state');
  const daemon = start(['--state', state, '--enrolment', stand.enrolment, '--content', content]);
  stand.grant({
    ports: { tcp: String(port), udp: '' },
    phases: ['discovery', 'ports', 'services', 'checks'],
    profile: { ...profiles.normal, checksPerHost: 2 },
  });
  const checked = () => stand.events.flatMap(({ event }) => (event.type === 'checked' ? [event] : []));
  const done = () => new Set(checked().flatMap((event) => event.passed));
  await until('half of the checks', () => done().size >= 100);
  const worker = daemon.workers()[0];
  if (worker === undefined) throw new Error('no worker was told of');
  process.kill(worker, 'SIGKILL');
  const before = new Map(asked);
  await until('the end of the slice', () => harvest(stand).outcomes.length === 1);
  expect(harvest(stand).outcomes).toEqual(['complete']);
  expect(daemon.workers()).toHaveLength(2);
  expect(asked.size).toBe(count);
  const again = [...before.keys()].filter((page) => (asked.get(page) ?? 0) > (before.get(page) ?? 0));
  // At most a hundred that had not been told, and two that were running.
  expect(again.length).toBeLessThanOrEqual(102);
  expect(again.length).toBeLessThan(before.size);
  const passed = checked().flatMap((event) => event.passed);
  expect(new Set(passed).size).toBe(passed.length);
  const weak = new Set(stand.events.flatMap(({ event }) => (event.type === 'finding' ? [event.check] : [])));
  expect(weak.size).toBe(count / 30);
  expect(passed.length + weak.size).toBe(count);
});
