import { describe, expect, it } from 'vitest';
import { parseDeadNeighbours, parseIpv6Routes, parseResolvers, parseRoutes } from './proc-parsers.ts';

const routes = `Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT
wlan0\t00000000\t0100A8C0\t0003\t0\t0\t600\t00000000\t0\t0\t0
eth0\t00000000\t010A0A0A\t0003\t0\t0\t100\t00000000\t0\t0\t0
eth0\t000A0A0A\t00000000\t0001\t0\t0\t100\t00FFFFFF\t0\t0\t0
`;
const routes6 = `00000000000000000000000000000000 00 00000000000000000000000000000000 00 fe800000000000000000000000000001 00000400 00000001 00000000 00000003     eth0
fd000000000000000000000000000000 40 00000000000000000000000000000000 00 00000000000000000000000000000000 00000100 00000001 00000000 00000001     eth0
00000000000000000000000000000000 00 00000000000000000000000000000000 00 00000000000000000000000000000000 ffffffff 00000001 00000000 00200200       lo
`;
const arp = `IP address       HW type     Flags       HW address            Mask     Device
10.10.10.1       0x1         0x0         00:00:00:00:00:00     *        eth0
10.10.10.7       0x1         0x2         52:54:00:00:00:07     *        eth0
`;

describe('what the kernel says of the network', () => {
  it('default routes, the best first', () => {
    expect(parseRoutes(routes)).toEqual([
      { device: 'eth0', gateway: '10.10.10.1' },
      { device: 'wlan0', gateway: '192.168.0.1' },
    ]);
    expect(parseIpv6Routes(routes6)).toEqual([{ device: 'eth0', gateway: 'fe80:0000:0000:0000:0000:0000:0000:0001' }]);
  });

  it('neighbours that did not answer, and name servers', () => {
    expect(parseDeadNeighbours(arp)).toEqual(['10.10.10.1']);
    expect(parseResolvers('# mine\nnameserver 10.0.0.53\nsearch corp\n nameserver fd00::53\n')).toEqual([
      '10.0.0.53',
      'fd00::53',
    ]);
  });

  it.each(['', 'junk', '\n\n\n'])('nothing from %j', (text) => {
    expect([parseRoutes(text), parseIpv6Routes(text), parseDeadNeighbours(text), parseResolvers(text)]).toEqual([
      [],
      [],
      [],
      [],
    ]);
  });
});
