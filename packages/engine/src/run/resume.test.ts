import { type EngineEvent, eventKey } from '@picket/contracts/event';
import { resumeFrom } from '@picket/contracts/resume';
import { discoveryPorts } from '@picket/plan/plan';
import { profiles } from '@picket/plan/profile';
import { FakeClock } from '@picket/testkit/fake-clock';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PauseGate } from '../gate/pause-gate.ts';
import { runJob } from './run-job.ts';
import type { IdentifyOs } from '../os/identify-os.ts';
import type { IdentifyService, RunChecks } from './stages.ts';
import { type FakeHost, FakeNetwork } from '../testing/fake-network.ts';
import { collectFake, depsOf, jobOf, unitEnds } from '../testing/run-on.ts';

const identify: IdentifyService = async ({ port }, { clock }) => {
  await clock.sleep(3);
  return { service: `on-${port}`, cpes: [], confidence: 1, method: 'probe' };
};
const identifyOs: IdentifyOs = async ({ services }) => {
  const product = services
    .map((service) => service.port)
    .toSorted()
    .join(' ');
  return product === '' ? null : { product, confidence: 1, evidence: 'its ports' };
};
const checks: RunChecks = async function* ({ address, services }, { clock }) {
  for (const { port } of services) {
    await clock.sleep(2);
    yield { type: 'checked', address, protocol: 'tcp', port, contentVersion: '1', passed: ['a'], notEvaluable: [] };
  }
};

const port = fc.constantFrom('open', 'reset', 'closed', 'drop');
const host = fc
  .record({ tcp: fc.dictionary(fc.integer({ min: 1, max: 30 }).map(String), port), otherTcp: port })
  .map((table): FakeHost => table);
const network = fc.dictionary(
  fc.integer({ min: 0, max: 7 }).map((last) => `10.0.0.${last}`),
  host,
);
const options = fc.record({ assumeAlive: fc.boolean(), few: fc.boolean() });

/** What a reader that folds by natural key is left with. */
function folded(events: readonly EngineEvent[]): string[] {
  const facts = new Map<string, string>();
  for (const event of events) {
    const key = eventKey(event);
    if (key)
      facts.set(
        key,
        JSON.stringify({ ...event, time: '', ...(event.type === 'host' ? { rttMs: 0, port: 0, reason: '' } : {}) }),
      );
  }
  return [...facts.values()].sort();
}

async function start(table: Readonly<Record<string, FakeHost>>, run: ReturnType<typeof jobOf>, stopAfter: number) {
  const clock = new FakeClock();
  const fake = new FakeNetwork(clock, table);
  const deps = { ...depsOf(clock, fake), identify, identifyOs, checks };
  if (stopAfter === Number.POSITIVE_INFINITY) return { fake, events: (await collectFake(clock, run, deps)).events };
  const events: EngineEvent[] = [];
  const stream = runJob(run, deps, { signal: new AbortController().signal, pause: new PauseGate() });
  for (
    let next = await clock.drive(stream.next());
    !next.done && events.length < stopAfter;
    next = await clock.drive(stream.next())
  )
    events.push(next.value);
  await clock.drive(stream.return({ outcome: 'stopped' }));
  return { fake, events };
}

test('a run that crashed anywhere and was resumed gives what an undisturbed one gives, and repeats no ended unit', async () => {
  await fc.assert(
    fc.asyncProperty(
      network,
      options,
      fc.integer({ min: 0, max: 60 }),
      async (table, { assumeAlive, few }, crashAfter) => {
        const job = jobOf({
          targets: '10.0.0.0/30,10.0.0.6',
          ports: few ? '1-6' : '1-30',
          assumeAlive,
          services: true,
          checks: true,
          profile: { ...profiles.normal, retries: 0 },
        });
        const whole = await start(table, job, Number.POSITIVE_INFINITY);
        const first = await start(table, job, crashAfter);
        const resume = resumeFrom(first.events);
        const second = await start(table, { ...job, resume }, Number.POSITIVE_INFINITY);
        expect(folded([...first.events, ...second.events])).toEqual(folded(whole.events));
        const ends = [...new Set([...unitEnds(first.events), ...unitEnds(second.events)])].sort();
        expect(ends).toEqual(unitEnds(whole.events));
        const endedPorts = new Set(resume.ended.filter(({ phase }) => phase === 'ports').map(({ subject }) => subject));
        // A block that did not end is searched again, and with few ports that search is the port scan.
        const searched = (asked: number) => few || discoveryPorts.includes(asked);
        const repeated = second.fake.dials.filter((dial) => endedPorts.has(dial.address) && !searched(dial.port));
        expect(repeated).toEqual([]);
      },
    ),
    { numRuns: 40 },
  );
});

test('a finished run has nothing left to do', async () => {
  const job = jobOf({ targets: '10.0.0.0/29', services: true, checks: true });
  const table = { '10.0.0.1': { tcp: { 22: 'open' } } } as const;
  const whole = await start(table, job, Number.POSITIVE_INFINITY);
  const again = await start(table, { ...job, resume: resumeFrom(whole.events) }, Number.POSITIVE_INFINITY);
  expect(again.fake.dials).toEqual([]);
  expect(again.events.filter(({ type }) => type !== 'stats')).toEqual([]);
});
