import type { ScanNetwork } from '@picket/contracts/scan-network';
import { describe, expect, it } from 'vitest';
import { keepSwitchedOff, switchedOffParts, withoutSwitchedOff } from './switched-scan-network.ts';

const both = { vlans: true, ipv6: true };
const noVlans = { vlans: false, ipv6: true };
const noIpv6 = { vlans: true, ipv6: false };
const neither = { vlans: false, ipv6: false };
const vlan = (id: number, six: boolean) => ({
  id,
  name: '',
  ipv4: { method: 'dhcp' as const },
  ipv6: six ? { method: 'automatic' as const } : null,
});
const four = { destination: '10.30.0.0/16', gateway: '10.20.0.1', vlan: 20 };
const six = { destination: 'fd00:30::/48', gateway: 'fd00:20::1', vlan: 20 };
const whole: ScanNetwork = {
  generation: 4,
  vlans: [vlan(20, true), vlan(21, false)],
  routes: [four, six],
  ipv6: { method: 'automatic' },
};

describe('a document of which parts are switched off', () => {
  it('goes to the appliance without them', () => {
    expect(withoutSwitchedOff(whole, both)).toEqual(whole);
    expect(withoutSwitchedOff(whole, noVlans)).toEqual({ ...whole, vlans: [], routes: [] });
    const without6 = { ...whole, vlans: [vlan(20, false), vlan(21, false)], routes: [four], ipv6: null };
    expect(withoutSwitchedOff(whole, noIpv6)).toEqual(without6);
    expect(withoutSwitchedOff(whole, neither)).toEqual({ generation: 4, vlans: [], routes: [], ipv6: null });
  });

  it.each([both, noVlans, noIpv6, neither])('saved as it is shown loses nothing (%o)', (features) => {
    const saved = keepSwitchedOff(withoutSwitchedOff(whole, features), whole, features);
    expect(saved).toEqual({ ...whole, routes: expect.arrayContaining([four, six]) });
    expect(switchedOffParts(withoutSwitchedOff(whole, features), features)).toEqual([]);
  });

  it('loses what hangs on a VLAN that is taken away', () => {
    const wanted = { ...whole, vlans: [vlan(21, false)], routes: [], ipv6: null };
    expect(keepSwitchedOff(wanted, whole, noIpv6)).toEqual({ ...wanted, ipv6: { method: 'automatic' } });
  });

  it('is refused by field', () => {
    expect(switchedOffParts(whole, both)).toEqual([]);
    expect(switchedOffParts(whole, noVlans)).toEqual(['vlans', 'routes']);
    expect(switchedOffParts(whole, noIpv6)).toEqual(['vlans', 'routes', 'ipv6']);
    expect(switchedOffParts({ ...whole, vlans: [vlan(21, false)], routes: [six] }, noIpv6)).toEqual(['routes', 'ipv6']);
  });
});
