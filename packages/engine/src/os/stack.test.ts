import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FingerprintDb } from '@picket/checks/fingerprints/fingerprint-db';
import { loadFingerprintFile } from '@picket/checks/fingerprints/load-fingerprint-file';
import { silentLog } from '@picket/base/log';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PacketAnswer, PacketProber, PacketRequest } from '../packets/packet-prober.ts';
import { seededRandom } from '../testing/seeded-random.ts';
import { createIdentifyOs } from './identify-os.ts';
import { initialHopLimit, stackSighting } from './stack-sighting.ts';
import { offeredOptions, readTcpOptions } from './tcp-options.ts';

const path = join(import.meta.dirname, '../../../../content/fingerprints/tcp-stack.xml');
const file = loadFingerprintFile(readFileSync(path, 'utf8'), 'tcp-stack.xml');
const fingerprints = new FingerprintDb(file.ok ? [file.value] : []);
const nothing = { synAck: null, ecnSynAck: null, reset: null, echo: null, timestamp: null };

/** MSS 1460, SACK permitted, timestamps, NOP, window scale 10: a SYN-ACK of Linux 6.18. */
const linuxOptions = Uint8Array.from([2, 4, 5, 0xb4, 4, 2, 8, 10, 1, 2, 3, 4, 5, 6, 7, 8, 1, 3, 3, 10]);

function tcp(flags: number, window = 0, options = new Uint8Array(0)): PacketAnswer {
  const header = { flags, window, sequence: 1, acknowledgement: 2, options };
  const common = { from: '10.0.0.1', rttMs: 1, hopLimit: 63, dontFragment: true, identification: 0 };
  return { ...common, kind: 'tcp', tcp: header, payload: new Uint8Array(0) };
}

function icmp(kind: PacketAnswer['kind']): PacketAnswer {
  const common = { from: '10.0.0.1', rttMs: 1, hopLimit: 63, dontFragment: false, identification: 7 };
  return { ...common, kind, payload: new Uint8Array(0) };
}

/** A host that answers as Linux does; keeps what it was asked. */
class LinuxHost implements PacketProber {
  readonly asked: PacketRequest[] = [];
  async exchange(request: PacketRequest): Promise<readonly PacketAnswer[]> {
    this.asked.push(request);
    const { probe } = request;
    if (probe.kind === 'icmp-echo') return [icmp('icmp-echo-reply')];
    if (probe.kind !== 'tcp') return [];
    return [probe.port === 22 ? tcp(18 + (probe.flags & 64), 65_160, linuxOptions) : tcp(20)];
  }
}

describe('the line of a stack', () => {
  it('says hop limit, flags, window in segments, and the options in order', () => {
    const answers = { ...nothing, synAck: tcp(18, 65_160, linuxOptions), ecnSynAck: tcp(82), reset: tcp(20) };
    expect(stackSighting({ ...answers, echo: icmp('icmp-echo-reply') })).toEqual({
      line: 'syn-ack ttl=64 df=1 id=0 win=65160 wmss=45 mss=1460 ws=10 opts=mss,sack,ts,nop,ws; ecn=1; rst ttl=64 df=1 id=0 win=0; echo ttl=64 df=0 id=x',
      distance: 1,
    });
  });

  it('is nothing when nothing came', () => {
    expect(stackSighting(nothing)).toBeNull();
  });

  it.each([
    [1, 32],
    [33, 64],
    [64, 64],
    [100, 128],
    [129, 255],
    [255, 255],
  ])('takes %d for a hop limit that began as %d', (arrived, initial) => {
    expect(initialHopLimit(arrived)).toBe(initial);
  });

  it('reads any option bytes without a throw, and its own offer whole', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => void readTcpOptions(bytes)));
    expect(readTcpOptions(offeredOptions(7))).toEqual({
      order: 'mss,sack,ts,nop,ws',
      mss: 1460,
      windowScale: 7,
      timestamps: true,
    });
  });
});

describe('a host without telling services', () => {
  const target = { address: '10.0.0.1', services: [], openPort: 22, closedPort: 21 };
  const tools = { random: seededRandom(1), log: silentLog, signal: new AbortController().signal };

  it('is told by its stack with the confidence that a stack deserves, for at most six ordinary packets', async () => {
    const prober = new LinuxHost();
    const answer = await createIdentifyOs({ fingerprints })(target, { ...tools, prober });
    expect(answer).toMatchObject({ vendor: 'Linux', product: 'Linux', confidence: 0.65 });
    expect(answer?.version).toBeUndefined();
    expect(prober.asked.length).toBeLessThanOrEqual(6);
    const flags = prober.asked.map(({ probe }) => (probe.kind === 'tcp' ? probe.flags : 0));
    expect(flags.filter((each) => ![0, 2, 194].includes(each))).toEqual([]);
  });

  it('is waited for by the round trip that was seen', async () => {
    const prober = new LinuxHost();
    for (const rttHintMs of [1, 100, 900]) {
      await createIdentifyOs({ fingerprints })({ ...target, rttHintMs }, { ...tools, prober });
    }
    await createIdentifyOs({ fingerprints })(target, { ...tools, prober });
    expect([...new Set(prober.asked.map(({ timeoutMs }) => timeoutMs))]).toEqual([400, 1000, 1500]);
  });

  it('is unknown without raw sockets, when it stays silent and when a stranger answers for it', async () => {
    const identify = createIdentifyOs({ fingerprints });
    const silent: PacketProber = { exchange: async () => [] };
    const stranger: PacketProber = {
      exchange: async () => [{ ...tcp(18, 65_160, linuxOptions), from: '10.0.0.254' }],
    };
    expect(await identify(target, { ...tools, prober: null })).toBeNull();
    expect(await identify(target, { ...tools, prober: silent })).toBeNull();
    expect(await identify(target, { ...tools, prober: stranger })).toBeNull();
  });

  it('costs nothing but itself when packets cannot be sent, and ends with the run', async () => {
    const broken: PacketProber = { exchange: () => Promise.reject(new Error('no route')) };
    expect(await createIdentifyOs({ fingerprints })(target, { ...tools, prober: broken })).toBeNull();
    const signal = AbortSignal.abort(new Error('stopped'));
    await expect(createIdentifyOs({ fingerprints })(target, { ...tools, signal, prober: broken })).rejects.toThrow();
  });
});
