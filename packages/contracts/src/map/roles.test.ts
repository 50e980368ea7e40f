import { describe, expect, it } from 'vitest';
import type { RoleName } from './role-rules.ts';
import { type HostSeen, rolesOf, type SeenService } from './roles.ts';

const nothing: HostSeen = { gatewayOf: [], forwards: 0, openPorts: [], services: [], os: null, macVendor: null };
const open = (...ports: number[]) => ports.map((port) => ({ protocol: 'tcp' as const, port }));
const speaks = (service: string, port: number, more: Partial<SeenService> = {}): SeenService => ({
  protocol: 'tcp',
  port,
  service,
  method: 'probe',
  ...more,
});
const short = (host: Partial<HostSeen>) => rolesOf({ ...nothing, ...host }).map((one) => `${one.role} ${one.strength}`);

describe('rolesOf', () => {
  it('says nothing of a host that showed nothing', () => {
    expect(rolesOf(nothing)).toEqual([]);
  });

  it('tells a router by what it is the gateway of and what it forwarded, with the evidence', () => {
    expect(rolesOf({ ...nothing, gatewayOf: ['0.0.0.0/0'], forwards: 12 })).toEqual([
      { role: 'router', strength: 'seen', evidence: ['forwarded 12 traced ways', 'is the default gateway'] },
    ]);
  });

  it('tells a domain controller by Kerberos, LDAP and SMB together, never by two of them', () => {
    expect(short({ openPorts: open(88, 389, 445) })).toContain('domain-controller likely');
    expect(short({ openPorts: open(88, 389) })).not.toContain('domain-controller likely');
  });

  const cases: readonly (readonly [string, Partial<HostSeen>, string])[] = [
    ['a name server that answered', { services: [speaks('domain', 53)] }, 'name-server seen'],
    ['an open port 53 alone', { openPorts: open(53) }, 'name-server guess'],
    ['a port named by its number', { services: [speaks('smtp', 25, { method: 'port-number' })] }, 'mail-server guess'],
    ['mail', { services: [speaks('imap', 143)] }, 'mail-server seen'],
    ['web', { services: [speaks('http', 8080)] }, 'web-server seen'],
    ['a database', { services: [speaks('postgresql', 5432)] }, 'database-server seen'],
    ['a printer by its page', { services: [speaks('http', 80, { product: 'HP LaserJet M404' })] }, 'printer likely'],
    ['a printer that was spared', { openPorts: open(9100) }, 'printer guess'],
    ['a hypervisor', { services: [speaks('http', 443, { product: 'VMware ESXi' })] }, 'hypervisor likely'],
    ['a BMC', { services: [speaks('asf-rmcp', 623, { protocol: 'udp' })] }, 'management-controller seen'],
    ['a camera', { services: [speaks('rtsp', 554)] }, 'camera seen'],
    ['a telephone by its maker', { macVendor: 'Yealink Network Technology' }, 'phone guess'],
    ['a switch by its system', { os: 'Cisco IOS 15.2' }, 'network-device likely'],
    ['industry', { services: [speaks('modbus', 502)] }, 'industrial seen'],
    ['a server edition', { os: 'Microsoft Windows Server 2019' }, 'server likely'],
    ['a desk', { os: 'Microsoft Windows 11' }, 'workstation likely'],
    ['a Linux that serves', { os: 'Debian Linux 12', services: [speaks('http', 80)] }, 'server likely'],
  ];
  it.each(cases)('tells %s', (_what, host, role) => {
    expect(short(host)).toContain(role);
  });

  it('does not call a Linux that serves nothing a server, nor a guest of VMware a hypervisor', () => {
    expect(short({ os: 'Debian Linux 12', macVendor: 'VMware, Inc.' })).toEqual([]);
  });

  it('takes the page of a device for no web server, and the page of a Linux router for one', () => {
    const page = [speaks('http', 80, { product: 'HP LaserJet M404' })];
    expect(short({ services: page })).toEqual(['printer likely']);
    expect(short({ forwards: 1, os: 'Debian Linux 12', services: [speaks('http', 80)] })).toEqual([
      'router seen',
      'web-server seen',
      'server likely',
    ]);
  });

  it('names the most important role first and bounds what a hostile host says', () => {
    const roles = rolesOf({
      ...nothing,
      gatewayOf: ['10.0.0.0/24'],
      services: [speaks('http', 80, { product: `printer ${'x'.repeat(5000)}` }), speaks('domain', 53)],
    });
    expect(roles.map((one) => one.role)).toEqual(['router', 'printer', 'name-server'] satisfies RoleName[]);
    expect(Math.max(...roles.flatMap((one) => one.evidence.map((text) => text.length)))).toBeLessThanOrEqual(160);
  });
});
