import { describe, expect, test } from 'vitest';
import type { ClientState } from './clients.ts';
import type { ObservedSpace } from './kernel-state.ts';
import { vlanTrouble } from './vlan-trouble.ts';

const vlan = (id: number) => ({ id, name: '', ipv4: { method: 'dhcp' as const }, ipv6: null });
const network = (...ids: number[]) => ({ generation: 1, vlans: ids.map(vlan), routes: [], ipv6: null });
const nothing: ObservedSpace = { devices: [], routes: [], rules: [], sysctls: new Map(), firewall: null };

describe('trouble in VLANs', () => {
  test('names the VLANs without a server and those that were refused, and none that has its lease or still asks', () => {
    const states: Record<string, ClientState> = {
      vlan5: { state: 'leased' },
      vlan6: { state: 'asking' },
      vlan7: { state: 'no-answer' },
      vlan8: { state: 'refused', message: 'the DHCP server refused: wrong network' },
    };
    expect(vlanTrouble(network(5, 6, 7, 8, 9), nothing, (key) => states[key] ?? null)).toEqual([
      { vlan: 7, message: 'no DHCP server answered' },
      { vlan: 8, message: 'the DHCP server refused: wrong network' },
    ]);
  });

  test('names an IPv6 address that another machine has', () => {
    const address = { family: 6 as const, scope: 'global', dynamic: false, tentative: true };
    const device = { mac: null, up: true, carrier: true, vlan: { id: 7, parent: 'eth0' } };
    const observed: ObservedSpace = {
      ...nothing,
      devices: [
        { ...device, device: 'vlan7', addresses: [{ ...address, cidr: 'fd07::7/64', duplicate: true }] },
        { ...device, device: 'vlan8', addresses: [{ ...address, cidr: 'fd08::7/64', duplicate: false }] },
      ],
    };
    expect(vlanTrouble(network(7, 8), observed, () => null)).toEqual([
      { vlan: 7, message: 'another machine has the address fd07::7/64' },
    ]);
  });

  test('tells of 50 at most', () => {
    const ids = Array.from({ length: 200 }, (_, at) => at + 1);
    expect(vlanTrouble(network(...ids), nothing, () => ({ state: 'no-answer' }))).toHaveLength(50);
  });
});
