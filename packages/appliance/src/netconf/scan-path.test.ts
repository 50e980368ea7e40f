import { emptyScanNetwork } from '@picket/contracts/scan-network';
import { expect, it } from 'vitest';
import { nothingLearned } from './learned.ts';
import { factorySettings } from './network-settings.ts';
import { type PlanInput, planNetwork } from './plan-network.ts';
import { scanPath } from './scan-path.ts';

const input: PlanInput = {
  settings: {
    ...factorySettings,
    lan: {
      method: 'static',
      address: '10.1.0.7',
      prefixLength: 24,
      gateway: '10.1.0.1',
      dns: ['10.1.0.53'],
      wins: ['10.1.0.5'],
      domain: null,
    },
  },
  scanNetwork: {
    ...emptyScanNetwork,
    vlans: [
      {
        id: 5,
        name: '',
        ipv4: { method: 'static', address: '10.5.0.2', prefixLength: 24 },
        ipv6: { method: 'static', address: 'fd00:5::2', prefixLength: 64 },
      },
    ],
    routes: [{ destination: '10.20.0.0/16', gateway: '10.5.0.1', vlan: 5 }],
    ipv6: { method: 'static', address: 'fd00:1::7', prefixLength: 64, gateway: 'fd00:1::1' },
  },
  ports: { lan: 'eth0', wan: null },
  managementUid: null,
  learned: nothingLearned,
};
const plan = planNetwork(input);

it.each([
  ['10.1.0.99', { device: 'eth0', source: '10.1.0.7', vlan: 0, gateway: null }],
  ['192.0.2.1', { device: 'eth0', source: '10.1.0.7', vlan: 0, gateway: '10.1.0.1' }],
  ['10.5.0.80', { device: 'vlan5', source: '10.5.0.2', vlan: 5, gateway: null }],
  ['10.20.3.4', { device: 'vlan5', source: '10.5.0.2', vlan: 5, gateway: '10.5.0.1' }],
  ['fd00:5::80', { device: 'vlan5', source: 'fd00:5::2', vlan: 5, gateway: null }],
  ['2001:db8::1', { device: 'eth0', source: 'fd00:1::7', vlan: 0, gateway: 'fd00:1::1' }],
])('%s is scanned by the interface, source, tag and gateway of its network', (target, expected) => {
  expect(scanPath(plan, target)).toEqual({ ...expected, resolvers: ['10.1.0.53'], wins: ['10.1.0.5'] });
});

it('a target without a route has no path', () => {
  const bare = { ...plan, spaces: { ...plan.spaces, scan: { ...plan.spaces.scan, routes: [] } } };
  expect(scanPath(bare, '192.0.2.1')).toBeNull();
});

it('IPv6 beyond the fixed networks leaves by the interface that listens to router advertisements', () => {
  const automatic = planNetwork({ ...input, scanNetwork: { ...emptyScanNetwork, ipv6: { method: 'automatic' } } });
  expect(scanPath(automatic, '2001:db8::1')).toMatchObject({ device: 'eth0', source: null, gateway: null });
  expect(scanPath(planNetwork({ ...input, scanNetwork: emptyScanNetwork }), '2001:db8::1')).toBeNull();
});
