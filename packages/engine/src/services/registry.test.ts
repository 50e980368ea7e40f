import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { likelyTcpPorts, likelyUdpPorts } from '@picket/plan/likely-ports';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fragileTcpPorts, fragileUdpPorts } from './fragile-ports.ts';
import type { ProbeContext, ServiceProbe } from './probe.ts';
import { probes } from './registry.ts';
import { udpPayloads } from './udp-payloads.ts';

const context: ProbeContext = { host: 'host.test', port: 7, tls: false };

const fragilePorts = (probe: ServiceProbe) => (probe.transport === 'tcp' ? fragileTcpPorts : fragileUdpPorts);

function firstRequest(probe: ServiceProbe): Uint8Array {
  const step = probe.next(probe.opens === 'server' ? [new Uint8Array(0)] : [], context);
  return step instanceof Uint8Array ? step : new Uint8Array(0);
}

describe('the registry of probes', () => {
  it('holds exactly the files of the folder, one probe each, named after its file', () => {
    const files = readdirSync(join(import.meta.dirname, 'probes')).map((name) => name.replace(/\.ts$/, ''));
    expect(probes.map((probe) => probe.name).sort()).toEqual(files.sort());
  });

  it('covers at least 100 protocols over TCP, UDP and TLS', () => {
    expect(new Set(probes.flatMap((probe) => probe.services)).size).toBeGreaterThanOrEqual(100);
    expect(probes.filter((probe) => probe.transport === 'udp').length).toBeGreaterThan(20);
    expect(probes.filter((probe) => probe.tlsPorts.length > 0).length).toBeGreaterThan(20);
  });

  it('never aims at a fragile port, but with the probes that are kept for those who ask', () => {
    const aimed = probes.filter((probe) =>
      [...probe.ports, ...probe.tlsPorts].some((port) => fragilePorts(probe).has(port)),
    );
    expect(aimed.filter((probe) => probe.fragile !== true).map((probe) => probe.name)).toEqual([]);
    const kept = probes.filter((probe) => probe.fragile === true);
    expect(
      kept.flatMap((probe) => [...probe.ports, ...probe.tlsPorts].filter((port) => !fragilePorts(probe).has(port))),
    ).toEqual([]);
    expect(kept.filter((probe) => probe.fallbackRank !== undefined)).toEqual([]);
  });

  it('aims at likely ports only, so that each of them is tried by default', () => {
    const missing = probes.flatMap((probe) => {
      const list = probe.transport === 'tcp' ? likelyTcpPorts : likelyUdpPorts;
      return [...probe.ports, ...probe.tlsPorts]
        .filter((port) => !list.includes(port))
        .map((port) => `${probe.name} ${port}`);
    });
    expect(missing).toEqual([]);
  });

  it('has a payload for each UDP port that it probes', () => {
    const payloads = udpPayloads();
    expect(
      [53, 69, 111, 123, 137, 161, 623, 1900, 5060, 5353, 11211].filter((port) => payloads(port).length === 0),
    ).toEqual([]);
    expect(payloads(9)).toEqual([]);
    expect([...fragileUdpPorts.keys()].flatMap((port) => payloads(port))).toEqual([]);
  });
});

describe.each(probes.map((probe) => [probe.name, probe] as const))('the probe %s', (_name, probe) => {
  const answers = fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 4 });

  it('never throws and recognises nothing in random bytes', () => {
    fc.assert(
      fc.property(answers, (given) => {
        probe.next(given, context);
        for (const [index, answer] of given.entries()) probe.whole?.(answer, index);
        // At least eight bytes: shorter ones may be a message of a protocol by chance.
        const found = probe.classify(given, context);
        expect((given[0]?.length ?? 0) >= 8 ? found : null).toBeNull();
      }),
      { numRuns: 60 },
    );
  });

  it('never throws on its own request with bytes changed or cut, and is not fooled by an echo of it', () => {
    const request = firstRequest(probe);
    expect(probe.opens === 'client' ? probe.classify([request], context) : null).toBeNull();
    fc.assert(
      fc.property(fc.nat({ max: Math.max(1, request.length) }), fc.nat({ max: 255 }), (at, value) => {
        const changed = request.slice();
        if (at < changed.length) changed[at] = value;
        probe.classify([changed], context);
        probe.classify([request.subarray(0, at), changed], context);
      }),
      { numRuns: 40 },
    );
  });

  it('takes no answer for what a web server says to everything', () => {
    const page = new TextEncoder().encode('HTTP/1.1 200 OK\r\nServer: x\r\nContent-Length: 2\r\n\r\nok');
    const found = probe.classify([page, page, page], context);
    expect(found === null || found.service === 'http').toBe(true);
    expect(found?.product).toBeUndefined();
  });

  it('says what it does', () => {
    expect(probe.help.length).toBeGreaterThan(15);
    expect(probe.services.length).toBeGreaterThan(0);
  });
});
