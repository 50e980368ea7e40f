import { expect, test } from 'vitest';
import type { RouteInfo } from '../packets/network-table.ts';
import type { PacketAnswer, PacketRequest } from '../packets/packet-prober.ts';
import { Tracer } from './tracer.ts';

const link = {
  index: 2,
  name: 'eth0',
  up: true,
  loopback: false,
  framing: 'ethernet',
  mac: null,
  mtu: 1500,
  vlan: null,
  addresses: [],
} as const;
const routeTo = (address: string): RouteInfo | null => {
  if (address.startsWith('192.')) return null;
  const gateway = address.startsWith('10.0.0.') ? null : '10.0.0.1';
  return { link, source: '10.0.0.2', gateway, local: address === '10.0.0.2' };
};

/** Hosts of 10.1.0.0/24 stand behind two routers. Records what is asked. */
function fakeProber() {
  const asked: PacketRequest[] = [];
  const exchange = async (request: PacketRequest): Promise<readonly PacketAnswer[]> => {
    asked.push(request);
    const router = ['10.0.0.1', '10.0.9.1'][(request.hopLimit ?? 64) - 1];
    const common = { rttMs: 2, hopLimit: 62, payload: new Uint8Array(0) };
    if (router) return [{ ...common, from: router, kind: 'time-exceeded', code: 0 }];
    return [{ ...common, from: request.address, kind: request.probe.kind === 'tcp' ? 'tcp' : 'icmp-echo-reply' }];
  };
  return { asked, prober: { exchange } };
}

const { signal } = new AbortController();

test('a neighbour has no way between and is asked nothing; an address of our own or without a route has none', async () => {
  const { asked, prober } = fakeProber();
  const tracer = new Tracer({ prober, table: { routeTo } });
  expect(await tracer.trace({ address: '10.0.0.7', reason: 'arp' }, signal)).toEqual({
    hops: [{ address: '10.0.0.7' }],
    reached: true,
  });
  expect(await tracer.trace({ address: '10.0.0.2', reason: 'local' }, signal)).toBeNull();
  expect(await tracer.trace({ address: '192.0.2.1', reason: 'rst' }, signal)).toBeNull();
  expect(asked).toEqual([]);
});

test('hosts of one network share its way, and every packet is addressed to a host', async () => {
  const { asked, prober } = fakeProber();
  const tracer = new Tracer({ prober, table: { routeTo } });
  const hosts = Array.from({ length: 20 }, (_, index) => `10.1.0.${index + 1}`);
  const ways = await Promise.all(hosts.map((address) => tracer.trace({ address, reason: 'rst', port: 80 }, signal)));
  for (const [index, way] of ways.entries()) {
    expect(way?.hops.map(({ address }) => address)).toEqual(['10.0.0.1', '10.0.9.1', hosts[index]]);
  }
  // The first is walked to; the others say how far away they are, and some whether they stand behind the same router.
  expect(asked.length).toBeLessThanOrEqual(4 + 2 * 19);
  expect(asked.every(({ address }) => hosts.includes(address))).toBe(true);
  expect(asked.every(({ probe }) => probe.kind === 'tcp' && probe.port === 80 && probe.flags === 2)).toBe(true);
  expect(new Set(asked.map(({ flow }) => flow)).size).toBe(1);
});

test('an address that answered to ICMP is asked with ICMP, one that answered on UDP with UDP', async () => {
  const { asked, prober } = fakeProber();
  const tracer = new Tracer({ prober, table: { routeTo } });
  await tracer.trace({ address: '10.1.0.1', reason: 'icmp-echo' }, signal);
  await tracer.trace({ address: '10.1.0.2', reason: 'udp-answer', port: 161 }, signal);
  expect(new Set(asked.map(({ address, probe }) => `${address} ${probe.kind}`))).toEqual(
    new Set(['10.1.0.1 icmp-echo', '10.1.0.2 udp']),
  );
});
