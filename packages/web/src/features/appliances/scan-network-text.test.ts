import { emptyScanNetwork } from '@picket/contracts/scan-network';
import { describe, expect, it } from 'vitest';
import { readRoutes, readVlans, routeLines, vlanLines } from './scan-network-text.ts';

describe('VLANs and routes as text', () => {
  it('read what they write', () => {
    const vlans = '20, Printers, 10.20.0.9/24, auto\n30, , dhcp, -\n40, IPv6 only, -, fd00:40::9/64';
    const routes = '10.30.0.0/16, 10.20.0.1, 20\nfd00:50::/48, fd00:40::1, 40\n10.60.0.0/16, 192.0.2.1';
    const read = { ...emptyScanNetwork, vlans: [...readVlans(vlans).items], routes: [...readRoutes(routes).items] };
    expect(read.vlans).toHaveLength(3);
    expect([vlanLines(read), routeLines(read)]).toEqual([vlans, routes]);
  });

  it('take rows of a spreadsheet, comments and empty lines', () => {
    expect(readVlans('# floor 2\n\n20\tPrinters\tdhcp\r\n21;Cameras;10.21.0.2/24;-\n')).toEqual({
      faults: [],
      items: [
        { id: 20, name: 'Printers', ipv4: { method: 'dhcp' }, ipv6: null },
        { id: 21, name: 'Cameras', ipv4: { method: 'static', address: '10.21.0.2', prefixLength: 24 }, ipv6: null },
      ],
    });
  });

  it('name the line and the fault', () => {
    expect(readVlans('20, a\nx, b\n22, c, 10.0.0.1\n4095, d\n0, e').faults).toEqual([
      { line: 2, message: '"x" is no VLAN number: 1 to 4094' },
      { line: 3, message: '"10.0.0.1" is not dhcp, an address with its prefix length such as 10.20.0.9/24, or -' },
      { line: 4, message: '"4095" is no VLAN number: 1 to 4094' },
      { line: 5, message: '"0" is no VLAN number: 1 to 4094' },
    ]);
    const routes = '10.0.0.0/8\n10.0.0.0/8, 10.1.1.1, core\n10.0.0.0/8, 10.1.1.1, 5000';
    expect(readRoutes(routes).faults.map(({ line }) => line)).toEqual([1, 2, 3]);
  });
});
