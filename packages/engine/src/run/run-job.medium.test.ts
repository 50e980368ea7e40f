import { systemClock, systemRandom } from '@picket/base/adapters/system';
import { profiles } from '@picket/plan/profile';
import { expect, onTestFinished, test } from 'vitest';
import { nodeSockets } from '../adapters/node-sockets.ts';
import { PauseGate } from '../gate/pause-gate.ts';
import { closedPort, listen } from '../testing/loopback.ts';
import { collect, depsOf, jobOf, ofType, unitEnds } from '../testing/run-on.ts';

const deps = () => depsOf(systemClock, nodeSockets(), { random: systemRandom });

async function server(...args: Parameters<typeof listen>) {
  const running = await listen(...args);
  onTestFinished(() => running.close());
  return running.port;
}

test('open, reset and closed ports of several loopback addresses are found as they are', async () => {
  const a = await server((socket) => socket.end('hi'), { host: '127.0.0.2' });
  const b = await server((socket) => socket.resetAndDestroy(), { host: '127.0.0.3' });
  const closed = await closedPort('127.0.0.2');
  const job = jobOf({
    targets: '127.0.0.2-127.0.0.4',
    ports: [...new Set([a, b, closed])].join(','),
    profile: profiles.fast,
  });
  const { events, outcome } = await collect(job, deps());
  expect(outcome.outcome).toBe('complete');
  expect(
    ofType(events, 'port')
      .map(({ address, port }) => `${address}:${port}`)
      .sort(),
  ).toEqual([`127.0.0.2:${a}`, `127.0.0.3:${b}`]);
  const counts = ofType(events, 'unit').flatMap((event) =>
    event.counts && event.unit.phase === 'ports' ? [event.counts] : [],
  );
  expect(counts.reduce((sum, { tested = 0 }) => sum + tested, 0)).toBe(3 * job.ports.tcp.length);
  expect(counts.reduce((sum, { filtered = 0 }) => sum + filtered, 0)).toBe(0);
});

test('every port of a busy address is asked and none is lost', async () => {
  const ports = await Promise.all(
    Array.from({ length: 20 }, () => server((socket) => socket.resetAndDestroy(), { host: '127.0.0.5' })),
  );
  const job = jobOf({ targets: '127.0.0.5', ports: 'all', profile: profiles.lab });
  const { events } = await collect(job, deps());
  const found = ofType(events, 'port').map(({ port }) => port);
  for (const port of ports) expect(found).toContain(port);
  const end = ofType(events, 'unit').find((event) => event.unit.phase === 'ports' && event.state === 'done');
  expect(end?.counts?.['tested']).toBe(65_535);
});

test('a cancel in the middle of a scan ends it within a second', async () => {
  const abort = new AbortController();
  let abortedAt = 0;
  const job = jobOf({ targets: '127.0.0.6-127.0.0.9', ports: 'all', profile: profiles.fast });
  const { events, outcome } = await collect(job, deps(), { signal: abort.signal, pause: new PauseGate() }, (event) => {
    if (event.type !== 'stats' || abortedAt > 0) return;
    abortedAt = performance.now();
    abort.abort('enough');
  });
  expect(performance.now() - abortedAt).toBeLessThan(1000);
  expect(outcome).toEqual({ outcome: 'stopped', reason: 'cancelled', detail: 'enough' });
  expect(unitEnds(events).filter((text) => text.includes('cancelled'))).toHaveLength(4);
});

test('a paused scan sends nothing and then goes on to the end', async () => {
  const pause = new PauseGate();
  const job = jobOf({
    targets: '127.0.0.10',
    ports: '1-2000',
    profile: { ...profiles.fast, packetsPerSecondPerHost: 2000 },
  });
  let paused = false;
  const seen: number[] = [];
  const { events, outcome } = await collect(
    job,
    deps(),
    { signal: new AbortController().signal, pause },
    async (event) => {
      if (event.type === 'stats') seen.push(event.connections);
      if (paused || event.unit.phase !== 'ports') return;
      paused = true;
      pause.pause();
      void systemClock.sleep(2500).then(() => pause.resume());
    },
  );
  expect(outcome.outcome).toBe('complete');
  expect(seen[1]).toBe(seen[0]);
  expect(ofType(events, 'unit').find((event) => event.coverage)?.counts?.['tested']).toBe(2000);
});
