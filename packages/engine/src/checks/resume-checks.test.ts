import type { CompiledCheck } from '@picket/checks/check';
import { compileCheck } from '@picket/checks/compile-check';
import { type EngineEvent, eventKey } from '@picket/contracts/event';
import { resumeFrom } from '@picket/contracts/resume';
import { FakeClock } from '@picket/testkit/fake-clock';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CheckPayload, ServiceEvent } from '../run/stages.ts';
import { answeringDialer } from '../testing/answering-dialer.ts';
import { seededRandom } from '../testing/seeded-random.ts';
import { createRunChecks } from './run-checks.ts';

const address = '10.0.0.1';
const at = { unit: { phase: 'checks' as const, subject: address }, time: new Date(0).toISOString() };

function check(id: string, word: string, block = `path: ["{{BaseURL}}/${id}"]`): CompiledCheck {
  const compiled = compileCheck(
    `id: ${id}\ninfo:\n  name: ${id}\n  severity: low\nhttp:\n  - ${block}\n    matchers:\n      - type: word\n        words: ["${word}"]\n`,
  );
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.error));
  return compiled.value;
}

const service = (port: number): ServiceEvent => ({
  type: 'service',
  ...at,
  address,
  protocol: 'tcp',
  port,
  service: 'http',
  cpes: [],
  confidence: 1,
  method: 'probe',
});

interface Scan {
  readonly checks: readonly CompiledCheck[];
  readonly ports: readonly number[];
  readonly parallel: number;
  readonly version?: string;
  readonly digest?: string;
  /** Events of earlier runs. */
  readonly before?: readonly EngineEvent[];
  /** The run dies at so many requests; the one that it was about to send goes out. */
  readonly dieAt?: number;
}

/** Runs the checks, or as far as they get. */
async function scan({
  checks,
  ports,
  parallel,
  version = '1',
  digest = 'd',
  before = [],
  dieAt = Number.POSITIVE_INFINITY,
}: Scan) {
  const asked: string[] = [];
  const clock = new FakeClock();
  const dead = Promise.withResolvers<null>();
  const dialer = answeringDialer(async (port, path) => {
    asked.push(`${port}${path}`);
    if (asked.length >= dieAt) dead.resolve(null);
    await clock.sleep(100);
    return path.includes('found') ? 'weak' : 'strong';
  });
  const events: EngineEvent[] = [];
  const tools = {
    dialer,
    clock,
    random: seededRandom(1),
    signal: new AbortController().signal,
    intrusive: false,
    parallel,
  };
  const target = { address, names: [], services: ports.map(service), earlier: resumeFrom(before).checks };
  const run = createRunChecks({ version, digest, checks })(target, tools)[Symbol.asyncIterator]();
  for (;;) {
    const next = await clock.drive(Promise.race([run.next(), dead.promise]));
    if (next === null || next.done) break;
    events.push({ ...next.value, ...at } as EngineEvent);
  }
  return { asked, events };
}

const told = (events: readonly EngineEvent[], port: number) =>
  events.flatMap((event) =>
    event.type === 'checked' && event.port === port
      ? [...event.passed, ...event.notEvaluable.map((one) => one.check)]
      : [],
  );

const found = (events: readonly CheckPayload[] | readonly EngineEvent[]) =>
  events.flatMap((event) => (event.type === 'finding' ? [`${event.port} ${event.check}`] : []));

describe('checks that go on after an interruption', () => {
  it('ask all of the plan together, and again only what had not been told when the run ended', async () => {
    const setup = fc.record({
      kinds: fc.array(fc.constantFrom('found', 'passed'), { minLength: 1, maxLength: 240 }),
      ports: fc.constantFrom([80], [80, 81]),
      parallel: fc.integer({ min: 1, max: 8 }),
      dieAt: fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(setup, async ({ kinds, ports, parallel, dieAt }) => {
        const checks = kinds.map((kind, index) => check(`${kind}-${index}`, 'weak'));
        const plan = ports.flatMap((port) => checks.map(({ id }) => `${port}/${id}`)).sort();
        const events: EngineEvent[] = [];
        const asked: string[] = [];
        for (const die of [...dieAt, Number.POSITIVE_INFINITY]) {
          const run = await scan({ checks, ports, parallel, before: events, dieAt: die });
          const sureDone = ports.flatMap((port) => told(events, port).map((id) => `${port}/${id}`));
          expect(run.asked.filter((request) => sureDone.includes(request))).toEqual([]);
          events.push(...run.events);
          asked.push(...run.asked);
        }
        expect([...new Set(asked)].sort()).toEqual(plan);
        // Up to two seconds of work and what was under way, for each death.
        expect(asked.length - plan.length).toBeLessThanOrEqual(dieAt.length * (20 * parallel + parallel));
        for (const port of ports) {
          const passed = told(events, port);
          expect(new Set(passed).size).toBe(passed.length);
          expect(passed.sort()).toEqual(checks.flatMap(({ id }) => (id.startsWith('passed') ? [id] : [])).sort());
        }
        const weak = ports.flatMap((port) =>
          checks.flatMap(({ id }) => (id.startsWith('found') ? [`${port} ${id}`] : [])),
        );
        expect([...new Set(found(events))].sort()).toEqual(weak.sort());
        const keys = events.flatMap((event) => (event.type === 'checked' ? [eventKey(event)] : []));
        expect(new Set(keys).size).toBe(keys.length);
      }),
      { numRuns: 25 },
    );
  });

  const eighty = Array.from({ length: 80 }, (_, index) =>
    check(`${index % 20 === 7 ? 'found' : 'passed'}-${index}`, 'weak'),
  );

  it('start afresh when the content is another', async () => {
    const first = await scan({ checks: eighty, ports: [80], parallel: 1, dieAt: 70 });
    const same = await scan({ checks: eighty, ports: [80], parallel: 1, before: first.events });
    expect(same.asked.length).toBeLessThan(35);
    const newer = await scan({ checks: eighty, ports: [80], parallel: 1, before: first.events, version: '2' });
    expect(newer.asked).toHaveLength(80);
    const edited = await scan({ checks: eighty, ports: [80], parallel: 1, before: first.events, digest: 'e' });
    expect(edited.asked).toHaveLength(80);
    const fewer = await scan({ checks: eighty.slice(1), ports: [80], parallel: 1, before: first.events });
    expect(fewer.asked).toHaveLength(79);
    // Their parts do not take the place of what was told before.
    const parts = [...first.events, ...newer.events].flatMap((event) =>
      event.type === 'checked' ? [event.part ?? 0] : [],
    );
    expect(new Set(parts).size).toBe(parts.length);
  });

  it('have nothing to do when all had ended', async () => {
    const whole = await scan({ checks: eighty, ports: [80, 81], parallel: 4 });
    const again = await scan({ checks: eighty, ports: [80, 81], parallel: 4, before: whole.events });
    expect(again).toEqual({ asked: [], events: [] });
  });

  it('do not count as done what the end of the run cut off', async () => {
    const stop = new AbortController();
    stop.abort();
    const tools = {
      dialer: answeringDialer(() => 'strong'),
      clock: new FakeClock(),
      random: seededRandom(1),
      signal: stop.signal,
      intrusive: false,
      parallel: 4,
    };
    const events: EngineEvent[] = [];
    const run = createRunChecks({ version: '1', checks: eighty });
    for await (const event of run({ address, names: [], services: [service(80)] }, tools))
      events.push({ ...event, ...at } as EngineEvent);
    const after = await scan({ checks: eighty, ports: [80], parallel: 1, before: events });
    expect(after.asked).toHaveLength(80);
  });

  it('look at answers before they are forgotten', async () => {
    const looks = check('looks', 'weak', 'global-matchers: true');
    const first = await scan({ checks: [...eighty, looks], ports: [80], parallel: 1, dieAt: 70 });
    expect(found(first.events)).toContain('80 looks');
    const rest = await scan({ checks: [...eighty, looks], ports: [80], parallel: 1, before: first.events });
    expect(rest.asked.length).toBeLessThan(35);
    expect(told([...first.events, ...rest.events], 80)).not.toContain('looks');
  });
});
