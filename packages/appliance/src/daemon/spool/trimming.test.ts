import type { EngineEventOf, SpooledEvent } from '@picket/contracts/event';
import { FakeClock } from '@picket/testkit/fake-clock';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MemoryStorage } from '../../testing/memory-storage.ts';
import { mortalStorage } from '../../testing/mortal-storage.ts';
import { decodeLine } from './segment.ts';
import { Spool, spoolDefaults } from './spool.ts';
import { trimEvent } from './trim-event.ts';
import { reserveName } from './trim-segment.ts';

type Body = Omit<SpooledEvent, 'seq'>;

const time = '2026-11-21T05:00:00.000Z';
const place = { unit: { phase: 'checks' as const, subject: '10.0.0.1' }, time, address: '10.0.0.1' };
const options = { ...spoolDefaults, segmentBytes: 6000, maxBytes: 20_000, trimAfterMs: 60_000, syncEvents: 2 };

function finding(index: number, evidence: EngineEventOf<'finding'>['evidence']): Body {
  const event: EngineEventOf<'finding'> = {
    type: 'finding',
    ...place,
    check: `check-${index}`,
    contentVersion: '1',
    name: 'n',
    severity: 'low',
    proof: 'behaviour',
    instance: '',
    evidence,
  };
  return { scan: 1, slice: 2, lease: 'a', event };
}

const raw = (size: number) => ({
  matcher: 'm',
  extracted: ['1.2'],
  request: 'q'.repeat(20),
  response: 'r'.repeat(size),
});

function port(number: number): Body {
  const event = { type: 'port', ...place, protocol: 'tcp', port: number, state: 'open', reason: 'accepted' } as const;
  return { scan: 1, slice: 2, lease: 'a', event };
}

async function contents(spool: Spool): Promise<SpooledEvent[]> {
  const found: SpooledEvent[] = [];
  for (let from = spool.acked; ; ) {
    const batch = await spool.read(from, 3, 100_000);
    if (batch === null) return found;
    for (const line of Buffer.from(batch.bytes).toString('utf8').trimEnd().split('\n')) {
      const event = decodeLine(Buffer.from(line));
      if (event) found.push(event);
    }
    from += batch.count;
  }
}

/** What is left of `body` is all of it, or all but the raw exchange, and then says so. */
function expectKept(found: SpooledEvent | undefined, body: Body | undefined): void {
  const whole = { seq: found?.seq ?? 0, scan: 0, slice: 0, lease: '', ...body };
  expect([whole, body && trimEvent({ ...body, seq: whole.seq })]).toContainEqual(found);
}

describe('a full spool while the platform is away', () => {
  it('trims the oldest evidence first, keeps findings and numbers, and takes the new events', async () => {
    const clock = new FakeClock();
    const spool = await Spool.open(new MemoryStorage(), clock, options);
    const all = Promise.all(Array.from({ length: 20 }, (_, at) => spool.append(finding(at, raw(2000)), false)));
    await clock.advance(59_000);
    expect(spool.state).toMatchObject({ full: true, trimmed: 0 });
    await clock.drive(all);
    const found = await contents(spool);
    expect(found.map(({ seq }) => seq)).toEqual(Array.from({ length: 20 }, (_, at) => at + 1));
    const evidence = found.map(({ event }) => (event.type === 'finding' ? event.evidence : {}));
    expect(evidence[0]).toEqual({ matcher: 'm', extracted: ['1.2'], trimmed: true });
    expect(evidence.at(-1)).toEqual(raw(2000));
    const firstWhole = evidence.findIndex((one) => one.trimmed === undefined);
    expect(evidence.slice(firstWhole).every((one) => one.trimmed === undefined)).toBe(true);
    expect(spool.state).toMatchObject({ full: false, trimmed: firstWhole });
    await spool.ack(21);
    expect(spool.state.trimmed).toBe(0);
  });

  it('holds the scan when nothing is left to trim, and goes on when there is room', async () => {
    const clock = new FakeClock();
    const spool = await Spool.open(new MemoryStorage(), clock, { ...options, maxBytes: 3000 });
    let durable = 0;
    const all = Promise.all(
      Array.from({ length: 30 }, (_, at) =>
        spool.append(at % 2 ? port(at) : finding(at, raw(500)), false).then(() => (durable += 1)),
      ),
    );
    await clock.advance(300_000);
    expect(spool.state).toMatchObject({ full: true, fault: 'limit' });
    expect(durable).toBeLessThan(30);
    expect((await contents(spool)).every(({ event }) => event.type === 'port' || 'evidence' in event)).toBe(true);
    while (durable < 30) {
      await spool.ack(spool.durableNext);
      await clock.advance(2000);
    }
    await all;
  });

  it('trims nothing while the platform goes on taking events, however slowly', async () => {
    const clock = new FakeClock();
    const spool = await Spool.open(new MemoryStorage(), clock, options);
    const all = Promise.all(Array.from({ length: 20 }, (_, at) => spool.append(finding(at, raw(2000)), false)));
    for (let next = 2; next <= 21; next += 1) {
      await clock.advance(50_000);
      await spool.ack(next);
      expect(spool.state.trimmed).toBe(0);
    }
    await all;
  });

  it('trims on a disk without a byte left, by its reserve, and keeps a new reserve once everything is uploaded', async () => {
    const clock = new FakeClock();
    const storage = new MemoryStorage();
    const spool = await Spool.open(storage, clock, { ...options, maxBytes: 1_000_000 });
    const before = Promise.all(Array.from({ length: 8 }, (_, at) => spool.append(finding(at, raw(2000)), false)));
    await clock.drive(before);
    storage.capacity = storage.used;
    await clock.advance(61_000);
    await clock.drive(spool.append(finding(8, raw(100)), true));
    expect(spool.state).toMatchObject({ full: false, fault: null });
    expect(spool.state.trimmed).toBeGreaterThan(0);
    expect(storage.files.has(reserveName)).toBe(false);
    await spool.ack(spool.durableNext);
    expect(storage.files.has(reserveName)).toBe(true);
  });

  it('loses no event to a process killed before any operation on the disk', async () => {
    const bodies = Array.from({ length: 24 }, (_, at) => (at % 4 === 3 ? port(at) : finding(at, raw(2000))));
    for (let killAt = 1; ; killAt += 1) {
      const outcome = await liveAndDie(bodies, killAt, 0.5, options);
      if (!outcome.killed) {
        expect(killAt).toBeGreaterThan(40);
        break;
      }
    }
  });

  it('loses no event whatever fills it and whenever it is killed', async () => {
    const body = fc.oneof(
      fc.nat(9).map((at) => port(at + 1)),
      fc.tuple(fc.nat(99), fc.nat(3000)).map(([at, size]) => finding(at, raw(size))),
      fc.nat(99).map((at) => finding(at, {})),
    );
    const part = fc.double({ min: 0, max: 1, noNaN: true });
    const segmentBytes = fc.integer({ min: 500, max: 9000 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(body, { minLength: 1, maxLength: 40 }),
        fc.integer({ min: 1, max: 200 }),
        part,
        segmentBytes,
        async (bodies, killAt, kept, segmentBytes) => {
          await liveAndDie(bodies, killAt, kept, { ...options, segmentBytes });
        },
      ),
      { numRuns: 100 },
    );
  });
});

/** Fills a spool whose platform is away, kills it before an operation, opens what is left and goes on: all that was said to be safe is there. */
async function liveAndDie(bodies: readonly Body[], killAt: number, kept: number, how: typeof options) {
  const clock = new FakeClock();
  const storage = new MemoryStorage();
  const mortal = mortalStorage(storage, killAt);
  const safe = new Map<number, Body>();
  const opening = Spool.open(mortal.storage, clock, how);
  const spool = await Promise.race([opening, mortal.died.then(() => null)]);
  // From here on it trims.
  await clock.advance(how.trimAfterMs);
  for (const [at, body] of (spool ? bodies : []).entries()) {
    void spool?.append(body, false).then((seq) => safe.set(seq, body));
    if (at % 3 === 2) await clock.advance(1000);
  }
  for (let turn = 0; turn < 20 && !mortal.dead && safe.size < bodies.length; turn += 1) await clock.advance(1000);
  const known = new Map(safe);
  const left = storage.crash((unsynced) => Math.floor(unsynced * kept));
  const again = await Spool.open(left, clock, how);
  const found = await contents(again);
  expect(found.map(({ seq }) => seq)).toEqual(found.map((_, at) => at + 1));
  for (const [seq, body] of known) expectKept(found[seq - 1], body);
  const rest = Promise.all(bodies.slice(found.length).map((body) => again.append(body, false)));
  if (bodies.length <= 24) {
    await clock.drive(rest);
    const whole = await contents(again);
    expect(whole).toHaveLength(bodies.length);
    for (const [at, one] of whole.entries()) expectKept(one, bodies[at]);
  }
  return { killed: mortal.dead };
}
