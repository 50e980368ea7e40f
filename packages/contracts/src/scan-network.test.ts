import { describe, expect, it } from 'vitest';
import { emptyScanNetwork, scanNetwork } from './scan-network.ts';

const vlan = { id: 5, name: 'printers', ipv4: { method: 'static', address: '10.5.0.2', prefixLength: 24 }, ipv6: null };
const route = { destination: '10.20.0.0/16', gateway: '10.5.0.1', vlan: 5 };

describe('the scan network', () => {
  it('takes 4094 VLANs and 4094 routes', () => {
    const vlans = Array.from({ length: 4094 }, (_, at) => ({ ...vlan, id: at + 1 }));
    const routes = Array.from({ length: 4094 }, (_, at) => ({
      ...route,
      destination: `10.${at >> 8}.${at & 255}.0/24`,
      vlan: at + 1,
    }));
    expect(scanNetwork.parse({ ...emptyScanNetwork, vlans, routes }).vlans).toHaveLength(4094);
  });

  it.each([
    ['a VLAN twice', { vlans: [vlan, vlan] }, 'VLAN 5 is listed twice: a VLAN has one entry'],
    ['a route twice', { vlans: [vlan], routes: [route, route] }, 'the route to 10.20.0.0/16 is listed twice'],
    [
      'a route through a VLAN that is not there',
      { routes: [route] },
      'the route to 10.20.0.0/16 is through VLAN 5, which is not listed',
    ],
    [
      'a gateway of the other family',
      { vlans: [vlan], routes: [{ ...route, gateway: 'fd00::1' }] },
      'the route to 10.20.0.0/16 has a gateway of the other address family: fd00::1',
    ],
    [
      'host bits in a route',
      { vlans: [vlan], routes: [{ ...route, destination: '10.20.0.1/16' }] },
      'must be a network with its prefix length, such as 10.20.0.0/16',
    ],
  ])('refuses %s', (_, change, message) => {
    const parsed = scanNetwork.safeParse({ ...emptyScanNetwork, ...change });
    expect(parsed.error?.issues[0]?.message).toBe(message);
  });
});
