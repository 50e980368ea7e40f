import { expect, it } from 'vitest';
import type { PortStatus } from '../../local/console-status.ts';
import type { NetworkView } from './network-view.ts';
import { lan } from '../../testing/lan-port.ts';
import { isNewWay } from './new-way.ts';

const wan: PortStatus = { ...lan, port: 'wan', device: 'eth1', addresses: ['10.1.0.5/24'], gateway: '10.1.0.1' };
const well: NetworkView = { ports: [lan], dns: ['10.0.0.53'], deadGateways: [], invalid: [] };
const withLan = (change: Partial<PortStatus>): NetworkView => ({ ...well, ports: [{ ...lan, ...change }] });

it.each<[string, NetworkView, NetworkView]>([
  ['the cable is back', withLan({ carrier: false }), well],
  ['the port is up', withLan({ up: false }), well],
  ['an address came', withLan({ addresses: [], gateway: null }), well],
  ['another address', well, withLan({ addresses: ['10.0.0.9/24'] })],
  ['another gateway', well, withLan({ gateway: '10.0.0.2' })],
  ['another name server', well, { ...well, dns: ['10.0.0.54'] }],
  ['WAN is back', { ...well, ports: [lan, { ...wan, carrier: false }] }, { ...well, ports: [lan, wan] }],
])('is one when %s', (_, before, after) => {
  expect(isNewWay(before, after, 4)).toBe(true);
});

it.each<[string, NetworkView, NetworkView]>([
  ['nothing changed', well, well],
  ['it got worse', well, withLan({ carrier: false })],
  ['it is still without a gateway', withLan({ gateway: null }), withLan({ gateway: null, addresses: ['10.0.0.9/24'] })],
  ['only a dead gateway was forgotten', { ...well, deadGateways: ['10.0.0.1'] }, well],
  [
    'only LAN changed under split network',
    { ...well, ports: [lan, wan] },
    { ...well, ports: [{ ...lan, gateway: '10.0.0.2' }, wan] },
  ],
])('is none when %s', (_, before, after) => {
  expect(isNewWay(before, after, 4)).toBe(false);
});

it('looks at the family that leads to the platform', () => {
  expect(isNewWay(withLan({ carrier: false }), well, 6)).toBe(false);
});
