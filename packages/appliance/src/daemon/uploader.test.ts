import { gunzipSync } from 'node:zlib';
import type { Clock } from '@picket/base/clock';
import { ok } from '@picket/base/result';
import { silentLog } from '@picket/base/log';
import { type SpooledEvent, spooledEvent } from '@picket/contracts/event';
import type { SignedAnswer, SignedClient } from '@picket/outbound/signed-client';
import { FakeClock } from '@picket/testkit/fake-clock';
import { describe, expect, it } from 'vitest';
import { MemoryStorage } from '../testing/memory-storage.ts';
import type { Numbering } from './spool/numbering.ts';
import { Spool, spoolDefaults } from './spool/spool.ts';
import { Tries } from './tries.ts';
import { runUploader } from './uploader.ts';

const options = { ...spoolDefaults, segmentBytes: 600, syncEvents: 4 };
const firstStream = '11111111-2222-4333-8444-555555555555';

/** Takes uploads as the platform does: every stream is counted from 1, a gap is answered with what is wanted. */
class ScriptedPlatform implements SignedClient {
  readonly instance = 'test';
  readonly streams = new Map<string, SpooledEvent[]>();

  send(request: Parameters<SignedClient['send']>[0]) {
    const query = new URLSearchParams(request.query);
    const stream = query.get('stream') ?? '';
    const stored = this.streams.get(stream) ?? [];
    this.streams.set(stream, stored);
    const gap = Number(query.get('first')) > stored.length + 1;
    const lines = gap ? [] : gunzipSync(request.body).toString('utf8').trimEnd().split('\n');
    for (const line of lines) {
      const event = spooledEvent.parse(JSON.parse(line));
      if (event.seq === stored.length + 1) stored.push(event);
    }
    const body = Buffer.from(JSON.stringify({ next: stored.length + 1 }));
    const answer: SignedAnswer = { status: gap ? 409 : 200, body, problem: null, verified: true, localAddress: null };
    return Promise.resolve(ok(answer));
  }

  ports(stream: string): number[] {
    return (this.streams.get(stream) ?? []).flatMap(({ event }) => (event.type === 'port' ? [event.port] : []));
  }
}

/** Pauses take no time; compressing does, so a clock that waits for idleness can't drive this. */
const hastyClock: Clock = {
  now: () => Date.UTC(2026, 10, 21),
  monotonic: () => 0,
  sleep: (_milliseconds, signal) => (signal?.aborted ? Promise.reject(signal.reason) : Promise.resolve()),
};

const noJitter = { bytes: (length: number) => new Uint8Array(length), integer: () => 0, uuid: () => firstStream };

class Bench {
  readonly platform = new ScriptedPlatform();
  readonly troubles: string[] = [];
  numbering: Numbering = { stream: firstStream, base: 0 };
  readonly spool: Spool;

  constructor(spool: Spool) {
    this.spool = spool;
  }

  static async open(): Promise<Bench> {
    return new Bench(await Spool.open(new MemoryStorage(), new FakeClock(), { ...options, syncDelayMs: 0 }));
  }

  async append(from: number, to: number): Promise<void> {
    const unit = { phase: 'ports' as const, subject: '10.0.0.1' };
    const time = '2026-11-21T05:00:00.000Z';
    for (let port = from; port <= to; port += 1) {
      const event = { type: 'port', unit, time, address: '10.0.0.1', protocol: 'tcp', port } as const;
      const place = { scan: 1, slice: 2, lease: 'a' };
      await this.spool.append({ ...place, event: { ...event, state: 'open', reason: 'accepted' } }, true);
    }
  }

  /** Uploads until nothing is left. */
  async upload(): Promise<void> {
    const stop = new AbortController();
    let uuids = 0;
    const running = runUploader(
      {
        spool: this.spool,
        numbering: this.numbering,
        saveNumbering: async (next) => {
          this.numbering = next;
        },
        now: () => hastyClock.now(),
        client: this.platform,
        tries: new Tries(hastyClock, noJitter),
        random: {
          uuid: () => `00000000-0000-4000-8000-00000000000${(uuids += 1)}`,
        },
        log: silentLog,
        onTrouble: (trouble) => this.troubles.push(trouble?.code ?? 'none'),
        onRefused: () => {},
      },
      stop.signal,
    );
    const { spool } = this;
    const drained = new Promise<void>((resolve) => {
      const look = () => {
        if (spool.acked === spool.durableNext && spool.state.events === 0) resolve();
      };
      spool.onChange(look);
      look();
    });
    await drained;
    stop.abort();
    await running;
  }
}

describe('the uploader', () => {
  it('begins a new stream when the platform lost more than the disk still holds, and says what is gone', async () => {
    const bench = await Bench.open();
    await bench.append(1, 20);
    await bench.upload();
    const { oldest } = bench.spool;
    expect(oldest).toBeGreaterThan(5);
    // Set back to a backup from before the third event.
    bench.platform.streams.get(firstStream)?.splice(2);
    await bench.append(21, 25);
    await bench.upload();
    const { stream, base } = bench.numbering;
    expect(stream).not.toBe(firstStream);
    expect(base).toBe(oldest - 1);
    const expected = Array.from({ length: 25 - oldest + 1 }, (_, index) => oldest + index);
    expect(bench.platform.ports(stream)).toEqual(expected);
    const notes = bench.platform.streams.get(stream)?.flatMap(({ event }) => (event.type === 'note' ? [event] : []));
    expect(notes).toMatchObject([{ level: 'error', code: 'upload.events-lost' }]);
    expect(notes?.[0]?.message).toContain(`lost ${oldest - 3} events`);
    // It goes on in that stream.
    await bench.append(26, 27);
    await bench.upload();
    expect(bench.platform.ports(stream)).toEqual([...expected, 26, 27]);
  });

  it('begins a new stream when the platform is ahead, because this state was set back', async () => {
    const bench = await Bench.open();
    await bench.append(1, 3);
    const ahead = await Bench.open();
    await ahead.append(1, 10);
    await ahead.upload();
    bench.platform.streams.set(firstStream, ahead.platform.streams.get(firstStream) ?? []);
    await bench.upload();
    expect(bench.platform.ports(bench.numbering.stream)).toEqual([1, 2, 3]);
    expect(bench.numbering.stream).not.toBe(firstStream);
  });

  it('only goes back while the disk still has what the platform wants again', async () => {
    const bench = await Bench.open();
    await bench.append(1, 20);
    await bench.upload();
    bench.platform.streams.get(firstStream)?.splice(bench.spool.oldest);
    await bench.append(21, 21);
    await bench.upload();
    expect(bench.numbering.stream).toBe(firstStream);
    expect(bench.platform.ports(firstStream)).toEqual(Array.from({ length: 21 }, (_, index) => index + 1));
  });
});
