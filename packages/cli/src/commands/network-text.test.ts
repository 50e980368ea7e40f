import type { NetworkDescription } from '@picket/appliance/netconf/network-description';
import { factorySettings } from '@picket/appliance/netconf/network-settings';
import { emptyScanNetwork } from '@picket/contracts/scan-network';
import { describe, expect, it } from 'vitest';
import { networkText, troubles } from './network-text.ts';

const { proxy: _, ...settings } = factorySettings;
const lan: NetworkDescription['facts']['lan'] = {
  device: 'eth0',
  mac: null,
  up: true,
  carrier: true,
  speed: 1000,
  duplex: 'full',
  method: 'dhcp',
  family: 4,
  addresses: ['10.1.0.7/24'],
  gateway: '10.1.0.1',
  dns: ['10.1.0.53'],
  lease: null,
  trouble: [],
};
const well: NetworkDescription = {
  kind: 'virtual',
  settings,
  proxy: { host: '10.1.0.3', port: 8080, authenticates: true },
  scanNetwork: emptyScanNetwork,
  facts: {
    at: '2026-01-01T00:00:00.000Z',
    split: false,
    lan,
    wan: null,
    scan: { resolvers: ['10.1.0.53'], search: [], wins: ['10.1.0.5'] },
    scanNetwork: { generation: 3, unconfirmed: true, refusedGeneration: null, vlans: 1, routes: 0, trouble: [] },
    failures: [],
  },
  devices: [{ space: 'scan', device: 'vlan5', vlan: 5, up: true, carrier: true, addresses: ['10.5.0.2/24'] }],
  routes: [{ space: 'scan', destination: 'default', gateway: '10.1.0.1', device: 'eth0', table: 'main' }],
  paths: [
    {
      target: '10.5.0.9',
      path: { device: 'vlan5', source: '10.5.0.2', vlan: 5, gateway: null, resolvers: [], wins: [] },
    },
    { target: 'fd00::1', path: null },
  ],
};
const broken = (change: Partial<typeof lan>) => ({
  ...well,
  facts: { ...well.facts, lan: { ...lan, ...change } },
});

describe('the network of an appliance, for people', () => {
  it('says what is in force and how each target is reached', () => {
    const text = networkText(well);
    for (const part of [
      /LAN +eth0, dhcp, 10\.1\.0\.7\/24, gateway 10\.1\.0\.1, DNS 10\.1\.0\.53, 1000\/full\n/,
      /proxy +10\.1\.0\.3:8080, with a login\n/,
      /WINS servers +10\.1\.0\.5\n/,
      /from the platform +generation 3, not confirmed yet, VLANs: 1, routes: 0\n/,
      /vlan5 +5 +up +10\.5\.0\.2\/24\n/,
      /default +10\.1\.0\.1 +eth0\n/,
      /10\.5\.0\.9 +vlan5, VLAN 5, from 10\.5\.0\.2, on the link\n/,
      /fd00::1 +no way/,
    ])
      expect(text).toMatch(part);
    expect(troubles(well)).toEqual([]);
  });

  it.each([
    [{ up: false }, 'NETWORK ERR 01 E10, LAN iface down'],
    [{ carrier: false }, 'NETWORK ERR 01 E10, LAN no CARRIER'],
    [{ addresses: [] }, 'NETWORK ERR 01 E10, LAN no IPv4'],
    [{ gateway: null }, 'NETWORK ERR 01 E10, no LAN IPv4 GW'],
    [{ dns: [] }, 'NETWORK ERR 01 E13, LAN no DNS srv'],
  ])('tells the code of what is wrong: %o', (change, code) => {
    const [first = ''] = troubles(broken(change));
    expect(first.startsWith(code)).toBe(true);
    expect(networkText(broken(change))).toContain(`! ${code}`);
  });

  it('tells what could not be applied and what was taken back', () => {
    const facts = {
      ...well.facts,
      failures: ['VLAN 5: no module'],
      scanNetwork: {
        ...well.facts.scanNetwork,
        refusedGeneration: 4,
        trouble: [{ vlan: 5, message: 'no DHCP server answered' }],
      },
    };
    expect(troubles({ ...well, facts }).join('\n')).toMatch(
      /Generation 4 .*taken back\.\nVLAN 5: no DHCP server answered\nNot applied: VLAN 5/,
    );
  });

  it('shows no control characters of the network', () => {
    const strange = broken({
      trouble: [{ code: 'x', invalidConfiguration: false, loopback: false, message: 'a\u001b[2J' }],
    });
    expect(networkText(strange)).toContain('! LAN: a\\x1b[2J');
  });
});
