import { expect, test } from 'vitest';
import type { LinkInfo } from '../packets/network-table.ts';
import { setOf } from '../testing/run-on.ts';
import { networkFacts } from './network-facts.ts';

const link = (
  index: number,
  name: string,
  addresses: LinkInfo['addresses'],
  more: Partial<LinkInfo> = {},
): LinkInfo => ({
  index,
  name,
  up: true,
  loopback: false,
  framing: 'ethernet',
  mac: '02:00:00:00:00:01',
  mtu: 1500,
  vlan: null,
  addresses,
  ...more,
});

const links = [
  link(1, 'lo', [{ address: '127.0.0.1', prefix: 8 }], { loopback: true }),
  link(2, 'eth0', [
    { address: '10.0.0.2', prefix: 24 },
    { address: 'fd00::2', prefix: 64 },
  ]),
  link(3, 'eth0.5', [{ address: '10.5.0.2', prefix: 24 }], { vlan: { id: 5, parent: 2 } }),
];
const routes = [
  { prefix: '0.0.0.0/0', gateway: '10.0.0.1', linkIndex: 2 },
  { prefix: '10.0.0.0/24', gateway: null, linkIndex: 2 },
  { prefix: '10.9.0.0/16', gateway: '10.0.0.9', linkIndex: 2 },
];
const table = { links: () => links, routes: () => routes };
const told = (...targets: string[]) =>
  networkFacts(table, setOf(...targets)).map(
    (fact) => `${fact.prefix} ${fact.gateway ?? 'on'} ${fact.link} ${fact.source}`,
  );

test('prefixes of our links that the job touches are told, once', () => {
  expect(told('10.0.0.0/24')).toEqual(['10.0.0.0/24 on eth0 interface']);
  expect(told('fd00::/120')).toEqual(['fd00::/64 on eth0 interface']);
});

test('a network behind a gateway is told, and the default route only where nothing nearer leads', () => {
  expect(told('10.9.1.0/24')).toEqual(['10.9.0.0/16 10.0.0.9 eth0 route']);
  expect(told('10.9.1.0/24', '192.168.1.1')).toEqual([
    '10.9.0.0/16 10.0.0.9 eth0 route',
    '0.0.0.0/0 10.0.0.1 eth0 route',
  ]);
});

test('the identifier of a VLAN goes along', () => {
  expect(networkFacts(table, setOf('10.5.0.0/28'))).toEqual([
    { type: 'network', prefix: '10.5.0.0/24', gateway: null, link: 'eth0.5', vlan: 5, source: 'interface' },
  ]);
});

test('loopback is no network', () => {
  expect(networkFacts({ links: () => links, routes: () => [] }, setOf('127.0.0.1'))).toEqual([]);
});
