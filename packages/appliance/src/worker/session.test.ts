import { duplexPair } from 'node:stream';
import { silentLog } from '@picket/base/log';
import type { EngineEvent } from '@picket/contracts/event';
import type { Lease } from '@picket/contracts/lease';
import { emptyResume } from '@picket/contracts/resume';
import { type FromWorker, fromWorker, type ToWorker } from '@picket/contracts/worker';
import type { EngineControl, JobOutcome } from '@picket/engine/run/run-job';
import { keyPairFromPem, newPrivateKeyPem } from '@picket/base/adapters/ed25519';
import { FakeClock } from '@picket/testkit/fake-clock';
import { describe, expect, it } from 'vitest';
import { lineChannel } from '../local/line-channel.ts';
import { leaseFor } from '../testing/lease-for.ts';
import { serveLease } from './session.ts';

const key = keyPairFromPem(newPrivateKeyPem());

/** Emits notes without end until it is cancelled; looks at the gate before each. */
async function* endless(control: EngineControl): AsyncGenerator<EngineEvent, JobOutcome> {
  const unit = { phase: 'ports' as const, subject: '127.0.0.1' };
  while (!control.signal.aborted) {
    await control.pause.whenOpen(control.signal).catch(() => {});
    if (control.signal.aborted) break;
    yield { type: 'note', unit, time: '2026-11-21T05:00:00.000Z', level: 'info', code: 'n', message: 'm' };
    await Promise.resolve();
  }
  return { outcome: 'stopped', reason: 'cancelled' };
}

/** A session whose engine is `endless`, with the daemon's end of the channel in the test's hand. */
function session() {
  const clock = new FakeClock(Date.now());
  const [here, there] = duplexPair();
  const messages: FromWorker[] = [];
  const channel = lineChannel(here, {
    maxLineBytes: 1_000_000,
    onMessage: (message) => messages.push(fromWorker.parse(message)),
    onEnd: () => {},
  });
  const done = serveLease(there, { clock, log: silentLog, run: (_, __, control) => endless(control) });
  const count = (type: FromWorker['type']) => messages.filter((message) => message.type === type).length;
  const send = (message: ToWorker) => channel.send(message);
  const start = (lease: Partial<Lease> = {}, applianceId = 7) => {
    const bytes = Buffer.from(JSON.stringify(leaseFor(lease)));
    const signed = {
      payload: bytes.toString('base64url'),
      signature: Buffer.from(key.sign(bytes)).toString('base64url'),
      keyId: key.keyId,
    };
    send({
      type: 'start',
      lease: signed,
      platformKey: key.publicKey,
      applianceId,
      clockOffsetMs: 0,
      resume: emptyResume,
    });
  };
  /** Lets streams and promises run. */
  const settle = async () => {
    for (let turn = 0; turn < 20; turn += 1) await clock.advance(0);
  };
  return { clock, channel, messages, count, send, start, settle, done };
}

describe('serveLease', () => {
  it('refuses a lease of another appliance on its own, and is done', async () => {
    const { start, done, messages, settle } = session();
    start({}, 8);
    await done;
    await settle();
    expect(messages.at(-1)).toMatchObject({ type: 'refused', code: 'lease.appliance' });
  });

  it('has at most 256 events unacknowledged', async () => {
    const { start, send, count, settle } = session();
    start();
    await settle();
    expect(count('event')).toBe(256);
    send({ type: 'ack', count: 10 });
    await settle();
    expect(count('event')).toBe(266);
  });

  it('pauses and resumes by the word of the daemon, and says so', async () => {
    const { start, send, count, settle } = session();
    start();
    await settle();
    send({ type: 'pause' });
    send({ type: 'ack', count: 256 });
    await settle();
    expect(count('paused')).toBe(1);
    expect(count('event')).toBeLessThanOrEqual(258);
    send({ type: 'resume' });
    await settle();
    expect(count('running')).toBe(1);
    expect(count('event')).toBe(512);
  });

  it('pauses by itself when the lease ends, until it is renewed', async () => {
    const { start, send, count, settle, clock } = session();
    start({ expiresAt: new Date(clock.now() + 60_000).toISOString() });
    await settle();
    await clock.advance(60_000);
    await settle();
    expect(count('paused')).toBe(1);
    send({ type: 'resume' });
    await settle();
    expect(count('running')).toBe(0);
    send({ type: 'renew', expiresAt: new Date(clock.now() + 60_000).toISOString() });
    await settle();
    expect(count('running')).toBe(1);
  });

  it('ends when it is told to, also while it waits for acknowledgements', async () => {
    const { start, send, messages, settle, done } = session();
    start();
    await settle();
    send({ type: 'stop', reason: 'asked' });
    send({ type: 'ack', count: 256 });
    await done;
    await settle();
    expect(messages.at(-1)).toMatchObject({ type: 'ended', outcome: 'stopped' });
  });

  it('stops the engine when the daemon is gone', async () => {
    const { start, channel, settle, done } = session();
    start();
    await settle();
    channel.close();
    await expect(done).resolves.toBeUndefined();
  });
});
