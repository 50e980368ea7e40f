import type { SpooledEvent } from '@picket/contracts/event';
import { FakeClock } from '@picket/testkit/fake-clock';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MemoryStorage } from '../../testing/memory-storage.ts';
import { decodeLine, segmentFirst } from './segment.ts';
import { sliceEndings } from './slice-endings.ts';
import { Spool, spoolDefaults } from './spool.ts';

type Body = Omit<SpooledEvent, 'seq'>;

function portEvent(port: number): Body {
  const unit = { phase: 'ports' as const, subject: '10.0.0.1' };
  const time = '2026-11-21T05:00:00.000Z';
  return {
    scan: 1,
    slice: 2,
    lease: 'a',
    event: { type: 'port', unit, time, address: '10.0.0.1', protocol: 'tcp', port, state: 'open', reason: 'accepted' },
  };
}

const options = { ...spoolDefaults, segmentBytes: 600, syncEvents: 4 };

/** The files of events. */
function segments(storage: MemoryStorage) {
  return [...storage.files].filter(([name]) => segmentFirst(name) !== null);
}

async function readAll(spool: Spool): Promise<{ seq: number; port: number }[]> {
  const found: { seq: number; port: number }[] = [];
  for (let from = spool.acked; ; ) {
    const batch = await spool.read(from, 3, 1000);
    if (batch === null) return found;
    for (const line of Buffer.from(batch.bytes).toString('utf8').trimEnd().split('\n')) {
      const event = decodeLine(Buffer.from(line));
      if (event?.event.type === 'port') found.push({ seq: event.seq, port: event.event.port });
    }
    from += batch.count;
  }
}

async function filled(storage: MemoryStorage, clock: FakeClock, count: number): Promise<Spool> {
  const spool = await Spool.open(storage, clock, options);
  const all = Array.from({ length: count }, (_, index) => spool.append(portEvent(index + 1), false));
  await clock.drive(Promise.all(all));
  return spool;
}

describe('Spool', () => {
  it('numbers events from 1 and gives them back in order, batch by batch', async () => {
    const spool = await filled(new MemoryStorage(), new FakeClock(), 20);
    expect(await readAll(spool)).toEqual(
      Array.from({ length: 20 }, (_, index) => ({ seq: index + 1, port: index + 1 })),
    );
  });

  it('makes an event durable within the delay, an urgent one at once', async () => {
    const clock = new FakeClock();
    const spool = await Spool.open(new MemoryStorage(), clock, options);
    let done = false;
    const slow = spool.append(portEvent(1), false).then(() => (done = true));
    await clock.advance(options.syncDelayMs - 1);
    expect(done).toBe(false);
    await clock.advance(1);
    await slow;
    const before = clock.monotonic();
    await clock.drive(Promise.all([spool.append(portEvent(2), false), spool.append(portEvent(3), true)]));
    expect(clock.monotonic()).toBe(before);
  });

  it('loses no acknowledged event and doubles none, wherever a crash cuts the files', async () => {
    const script = fc.array(
      fc.oneof(
        fc.record({ kind: fc.constant('append' as const), count: fc.integer({ min: 1, max: 9 }), wait: fc.boolean() }),
        fc.record({ kind: fc.constant('ack' as const), part: fc.double({ min: 0, max: 1, noNaN: true }) }),
        fc.record({ kind: fc.constant('crash' as const), part: fc.double({ min: 0, max: 1, noNaN: true }) }),
      ),
      { maxLength: 25 },
    );
    await fc.assert(
      fc.asyncProperty(script, async (steps) => {
        const clock = new FakeClock();
        let storage = new MemoryStorage();
        let spool = await Spool.open(storage, clock, options);
        let port = 0;
        let acked = 1;
        let life = 0;
        /** What the spool said is safe: sequence number → port. */
        const safe = new Map<number, number>();
        for (const step of steps) {
          if (step.kind === 'append') {
            const added = Array.from({ length: step.count }, () => {
              port += 1;
              const own = port;
              const bornIn = life;
              // A killed process tells nobody anything.
              return spool.append(portEvent(own), false).then((seq) => (bornIn === life ? safe.set(seq, own) : safe));
            });
            if (step.wait) await clock.drive(Promise.all(added));
          } else if (step.kind === 'ack') {
            acked = Math.max(acked, spool.acked + Math.floor((spool.durableNext - spool.acked) * step.part));
            await spool.ack(acked);
          } else {
            life += 1;
            const left = storage.crash((unsynced) => Math.floor(unsynced * step.part));
            spool = await Spool.open(left, clock, options);
            storage = left;
          }
        }
        const rest = await readAll(spool);
        expect(rest.map(({ seq }) => seq)).toEqual(rest.map((_, index) => (rest[0]?.seq ?? 1) + index));
        const present = new Map(rest.map(({ seq, port: found }) => [seq, found]));
        const waiting = [...safe].filter(([seq]) => seq >= acked);
        expect(waiting.map(([seq]) => [seq, present.get(seq)])).toEqual(waiting);
      }),
      { numRuns: 150 },
    );
  });

  it('cuts a torn or damaged tail at every byte, and goes on with the right number', async () => {
    const storage = new MemoryStorage();
    const clock = new FakeClock();
    await filled(storage, clock, 2);
    const [name, file] = segments(storage)[0] ?? ['', { bytes: new Uint8Array(), synced: 0 }];
    const firstLine = file.bytes.indexOf(10) + 1;
    for (let cut = 0; cut <= file.bytes.length; cut += 1) {
      const torn = new MemoryStorage();
      torn.files.set(name, { bytes: file.bytes.slice(0, cut), synced: cut });
      const spool = await Spool.open(torn, clock, options);
      expect(spool.durableNext).toBe(cut === file.bytes.length ? 3 : cut >= firstLine ? 2 : 1);
    }
  });

  it('deletes segments that the platform has, and keeps the numbering when all are gone', async () => {
    const storage = new MemoryStorage();
    const clock = new FakeClock();
    const spool = await filled(storage, clock, 20);
    expect(segments(storage).length).toBeGreaterThan(1);
    await spool.ack(21);
    expect(segments(storage)).toHaveLength(1);
    expect(spool.state).toEqual({ events: 0, bytes: 0, full: false, fault: null, trimmed: 0 });
    const again = await Spool.open(storage, clock, options);
    expect(await clock.drive(again.append(portEvent(7), true))).toBe(21);
  });

  it('keeps the numbering when a crash comes between renaming and emptying the last segment', async () => {
    const storage = new MemoryStorage();
    const clock = new FakeClock();
    const spool = await filled(storage, clock, 3);
    storage.truncate = () => Promise.reject(new Error('killed'));
    await expect(spool.ack(4)).rejects.toThrow('killed');
    const again = await Spool.open(
      storage.crash(() => 0),
      clock,
      options,
    );
    expect(again.state.events).toBe(0);
    expect(await clock.drive(again.append(portEvent(9), true))).toBe(4);
  });

  it('refuses an acknowledgement of what it never wrote', async () => {
    const spool = await filled(new MemoryStorage(), new FakeClock(), 3);
    await expect(spool.ack(5)).rejects.toThrow('acknowledged 5');
  });

  it('goes back while the events are still on disk, not further', async () => {
    const storage = new MemoryStorage();
    const spool = await filled(storage, new FakeClock(), 20);
    await spool.ack(20);
    expect(await spool.rewind(1)).toBe(false);
    expect(await spool.rewind(19)).toBe(true);
    expect((await readAll(spool)).map(({ seq }) => seq)).toEqual([19, 20]);
  });

  it('gives back what the platform has when something else needs the room, and nothing more', async () => {
    const storage = new MemoryStorage();
    const spool = await filled(storage, new FakeClock(), 1);
    await spool.ack(2);
    expect(await spool.rewind(1)).toBe(true);
    await spool.makeRoom();
    expect((await readAll(spool)).map(({ seq }) => seq)).toEqual([1]);
    await spool.ack(2);
    await spool.makeRoom();
    expect(spool.oldest).toBe(2);
    expect(await spool.rewind(1)).toBe(false);
  });

  it('waits on a full disk, says so, and goes on with nothing lost when there is space', async () => {
    const storage = new MemoryStorage();
    const clock = new FakeClock();
    const spool = await filled(storage, clock, 3);
    storage.capacity = 700;
    let durable = 0;
    const waiting = Array.from({ length: 10 }, (_, index) =>
      spool.append(portEvent(index + 4), false).then(() => (durable += 1)),
    );
    await clock.advance(5000);
    expect(spool.state).toMatchObject({ full: true, fault: 'ENOSPC' });
    expect(durable).toBe(0);
    expect((await readAll(spool)).map(({ port }) => port)).toEqual([1, 2, 3]);
    storage.capacity = Number.POSITIVE_INFINITY;
    await clock.drive(Promise.all(waiting));
    expect(spool.state.full).toBe(false);
    expect((await readAll(spool)).map(({ port }) => port)).toEqual(Array.from({ length: 13 }, (_, index) => index + 1));
  });

  it('never takes more than its limit, and goes on as soon as the platform took something', async () => {
    const storage = new MemoryStorage();
    const clock = new FakeClock();
    const spool = await Spool.open(storage, clock, { ...options, maxBytes: 1200 });
    const all = Array.from({ length: 30 }, (_, index) => spool.append(portEvent(index + 1), false));
    const seen: number[] = [];
    const total = Promise.all(all);
    while (seen.length < 30) {
      await clock.advance(2000);
      const size = segments(storage).reduce((sum, [, { bytes }]) => sum + bytes.length, 0);
      expect(size).toBeLessThanOrEqual(4000);
      const batch = await readAll(spool);
      seen.push(...batch.map(({ port }) => port));
      await spool.ack(spool.durableNext);
    }
    await total;
    expect(seen).toEqual(Array.from({ length: 30 }, (_, index) => index + 1));
  });

  it('finds the closing events that wait in it', async () => {
    const clock = new FakeClock();
    const spool = await filled(new MemoryStorage(), clock, 5);
    const end = { type: 'slice' as const, time: '2026-11-21T05:00:00.000Z', outcome: 'complete' as const };
    await clock.drive(spool.append({ scan: 1, slice: 2, lease: 'a', event: end }, true));
    expect(await sliceEndings(spool)).toEqual(new Map([['a', 6]]));
  });
});
