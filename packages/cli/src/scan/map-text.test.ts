import type { EngineEvent } from '@picket/contracts/event';
import { foldMap } from '@picket/contracts/map/fold-map';
import { expect, it } from 'vitest';
import { mapText } from './map-text.ts';

const at = { unit: { phase: 'discovery', subject: '10.0.0.0-10.0.0.255' }, time: '2026-11-21T05:00:00.000Z' } as const;
const events: readonly EngineEvent[] = [
  { type: 'network', ...at, prefix: '10.0.0.0/24', gateway: null, link: 'eth0', source: 'interface' },
  { type: 'network', ...at, prefix: '0.0.0.0/0', gateway: '10.0.0.1', link: 'eth0', source: 'route' },
  {
    type: 'host',
    ...at,
    address: '10.0.0.1',
    state: 'up',
    reason: 'arp',
    mac: '02:00:00:00:00:01',
    macVendor: 'Maker',
    names: [{ name: 'gate\u001b[2J', source: 'mdns' }],
  },
  { type: 'host', ...at, address: '10.0.0.9', state: 'up', reason: 'syn-ack', port: 9100 },
];

it('shows networks, gateways and hosts with their roles; a guess is marked, control characters are not played', () => {
  expect(mapText(foldMap(events))).toBe(
    `Networks:
  10.0.0.0/24  on link        eth0                2 hosts
  0.0.0.0/0    default route  eth0  via 10.0.0.1

Gateways and hops:
  10.0.0.1  gate\\x1b[2J    gateway to 0.0.0.0/0

Hosts:
  10.0.0.1  gate\\x1b[2J  router      02:00:00:00:00:01 Maker
  10.0.0.9               printer?
`,
  );
});

it('says nothing of a map with nothing in it', () => {
  expect(mapText(foldMap([]))).toBe('');
});
