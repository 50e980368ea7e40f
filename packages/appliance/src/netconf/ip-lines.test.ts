import { describe, expect, it } from 'vitest';
import { batchFailures, batchFamily, batchLines, ipLine } from './ip-lines.ts';
import type { IpStep } from './network-step.ts';

const route = {
  destination: 'default',
  family: 6 as const,
  gateway: 'fd00::1',
  device: 'eth0',
  table: 'main' as const,
};

describe('lines of an ip batch', () => {
  it.each<[IpStep, 4 | 6, string]>([
    [
      { kind: 'add-vlan', space: 'scan', device: 'vlan5', parent: 'eth0', id: 5 },
      4,
      'link add link eth0 name vlan5 type vlan id 5',
    ],
    [
      { kind: 'add-address', space: 'scan', device: 'eth0', address: '10.0.0.7/24' },
      4,
      'address add 10.0.0.7/24 dev eth0 broadcast +',
    ],
    [
      { kind: 'remove-address', space: 'scan', device: 'eth0', address: 'fd00::7/64' },
      6,
      'address delete fd00::7/64 dev eth0',
    ],
    [{ kind: 'add-route', space: 'scan', route }, 6, 'route add default via fd00::1 dev eth0 table main protocol 201'],
    [
      { kind: 'remove-rule', space: 'scan', rule: { family: 6, priority: 1001, uid: 990, action: 'unreachable' } },
      6,
      'rule delete priority 1001 uidrange 990-990 unreachable',
    ],
  ])('%o', (step, family, line) => {
    expect(batchFamily(step)).toBe(family);
    expect(ipLine(step)).toBe(line);
  });

  it('tell what failed, and why', () => {
    const said =
      'Error: Nexthop has invalid gateway.\nCommand failed -:2\nCannot find device "vlan5"\nCommand failed -:7\n';
    expect([...batchFailures(said)]).toEqual([
      [2, 'Error: Nexthop has invalid gateway.'],
      [7, 'Cannot find device "vlan5"'],
    ]);
  });

  it('takes one VLAN interface away by name, and several that follow each other as a group', () => {
    const remove = (device: string) => ({ kind: 'remove-vlan' as const, space: 'scan' as const, device });
    const up = { kind: 'link' as const, space: 'scan' as const, device: 'vlan4', up: true };
    const lines = batchLines([remove('vlan1'), up, remove('vlan2'), remove('vlan3'), up]);
    expect(lines.map(({ line }) => line)).toEqual([
      'link delete vlan1',
      'link set vlan4 up',
      'link set vlan2 group 4094201',
      'link set vlan3 group 4094201',
      'link delete group 4094201',
      'link set vlan4 up',
    ]);
    expect(lines[4]?.step).toEqual(remove('vlan3'));
  });
});
