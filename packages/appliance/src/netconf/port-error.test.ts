import { describe, expect, it } from 'vitest';
import type { PortFacts } from './network-facts.ts';
import { portError } from './port-error.ts';

const port: PortFacts = {
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

describe('what is wrong with a port', () => {
  it('is nothing when it looks well', () => expect(portError('lan', port)).toBeNull());

  it.each<[string, string, Partial<PortFacts>]>([
    ['LAN iface down', 'eth0 is down', { up: false, carrier: false, addresses: [] }],
    ['LAN no CARRIER', 'eth0 has no carrier: is the cable plugged in?', { carrier: false, addresses: [] }],
    ['LAN no IPv4', 'eth0 has no IPv4 address', { addresses: [], gateway: null, dns: [] }],
    ['LAN no IPv6', 'eth0 has no IPv6 address', { family: 6 }],
    ['no LAN IPv4 GW', 'eth0 has no IPv4 gateway', { gateway: null, dns: [] }],
    ['LAN no DNS srv', 'eth0 has no DNS servers', { dns: [] }],
  ])('is the most basic thing: %s', (description, detail, change) => {
    expect(portError('lan', { ...port, ...change })).toMatchObject({ code: '01', description, detail });
  });

  it('is an invalid configuration before what follows from it', () => {
    const trouble = [{ code: 'address-is-loopback', invalidConfiguration: true, loopback: true, message: 'x' }];
    expect(portError('wan', { ...port, addresses: [], trouble })).toMatchObject({
      description: 'inv WAN IP cnf',
      detail: 'x',
    });
  });
});
