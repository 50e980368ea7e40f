import { spawn } from 'node:child_process';
import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { engineEvent } from '@picket/contracts/event';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { hostilities } from '../testing/hostile-servers.ts';
import { listen } from '../testing/loopback.ts';

const hostileScan = fileURLToPath(new URL('../testing/hostile-scan.ts', import.meta.url));
const content = fileURLToPath(new URL('../../../../content', import.meta.url));
/*
 * Large for its minute of time-outs and because it measures memory: it runs alone.
 */

/** Bounds of the heap like those of the appliance's scan worker: what V8 could put off collecting for lack of need would look like growth. */
const heapBounds = ['--max-old-space-size=160', '--max-semi-space-size=4'];
/** How far the process may grow over what it holds before the first packet, megabytes. */
const growthMb = 220;
/** The longest look at one port is 40 s, then its TLS 30 s, its checks 60 s each; all ports and checks go on at once. */
const wholeScanMs = 150_000;

const over = z.object({ type: z.literal('over'), took: z.number(), startMb: z.number(), peakMb: z.number() });

interface Scan {
  readonly events: readonly z.infer<typeof engineEvent>[];
  readonly end: z.infer<typeof over>;
}

/** Scans in a process of its own and reads what it says. */
async function scan(ports: string, seconds: number): Promise<Scan> {
  const args = [...heapBounds, hostileScan, ports, content, String(seconds)];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  let text = '';
  for await (const chunk of child.stdout) text += String(chunk);
  const lines = text.split('\n').filter((line) => line !== '');
  const last: unknown = JSON.parse(lines.pop() ?? 'null');
  return { events: lines.map((line) => engineEvent.parse(JSON.parse(line))), end: over.parse(last) };
}

/** Every hostile server on a port of its own. */
async function hostilePorts(): Promise<ReadonlyMap<number, string>> {
  const ports = new Map<number, string>();
  for (const [name, hostility] of Object.entries(hostilities)) {
    const server = await listen(hostility);
    onTestFinished(() => server.close());
    ports.set(server.port, name);
  }
  return ports;
}

/** A UDP port that answers each datagram with `answers` large ones. */
async function flood(answers: number): Promise<UdpSocket> {
  const socket = createSocket('udp4');
  const answer = new Uint8Array(1400).fill(0x41);
  socket.on('message', (_message, peer) => {
    for (let count = 0; count < answers; count += 1) socket.send(answer, peer.port, peer.address, () => {});
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  onTestFinished(() => void socket.close());
  return socket;
}

test('servers that mean harm neither stall a scan nor make it grow, and each port gets its answer', async () => {
  const ports = await hostilePorts();
  const udp = await flood(5000);
  const { events, end } = await scan(`${[...ports.keys()].join(',')},U:${udp.address().port}`, 0);
  const services = events.filter((event) => event.type === 'service');
  const seen = services.filter(({ protocol }) => protocol === 'tcp').map(({ port }) => ports.get(port));
  expect(seen.sort()).toEqual(Object.keys(hostilities).sort());
  expect(services.filter(({ protocol }) => protocol === 'udp')).toHaveLength(1);
  const named = (name: string) => services.find(({ port }) => ports.get(port) === name)?.service;
  for (const name of ['gzip bomb', 'infinite redirects', 'endless header', 'endless chunks', 'body of 4 GB'])
    expect(named(name)).toBe('http');
  for (const name of ['endless banner', 'nested structures', 'reset storm', 'answers everything'])
    expect(named(name)).toBe('unknown');
  // Nothing failed inside the engine, and every unit came to an end of its own.
  expect(events.flatMap((event) => (event.type === 'note' && event.level === 'error' ? [event.message] : []))).toEqual(
    [],
  );
  const ends = events.flatMap((event) => (event.type === 'unit' && event.state !== 'running' ? [event] : []));
  expect(ends.filter(({ state }) => state !== 'done')).toEqual([]);
  expect(end.took).toBeLessThan(wholeScanMs);
  expect(end.peakMb - end.startMb).toBeLessThan(growthMb);
}, 240_000);

test('a deadline ends a scan of such servers within two seconds', async () => {
  const ports = await hostilePorts();
  const { events, end } = await scan([...ports.keys()].join(','), 3);
  expect(end.took).toBeLessThan(5000);
  const reasons = events.flatMap((event) => (event.type === 'unit' && event.reason ? [event.reason] : []));
  expect(new Set(reasons)).toEqual(new Set(['deadline']));
}, 60_000);
