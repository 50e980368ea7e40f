import { describe, expect, it } from 'vitest';
import { type Lookup, networkCause, portCause } from './connectivity.ts';
import type { NetworkFacts, PortFacts } from './network-facts.ts';

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
const facts: NetworkFacts = {
  at: '2026-01-01T00:00:00.000Z',
  split: false,
  lan: port,
  wan: null,
  scan: { resolvers: [], search: [], wins: [] },
  scanNetwork: { generation: 0, unconfirmed: false, refusedGeneration: null, vlans: 0, routes: 0, trouble: [] },
  failures: [],
};
const found: Lookup = async () => ({ addresses: ['192.0.2.1'], answered: true, detail: '' });
const { signal } = new AbortController();
const cause = (change: Partial<NetworkFacts>, lookup = found, platform = 'platform.example') =>
  networkCause({ ...facts, ...change }, platform, lookup, signal);

describe('the cause of a failing connection', () => {
  it.each<[string, Partial<PortFacts>]>([
    ['interface-down', { up: false, carrier: false, addresses: [] }],
    ['no-carrier', { carrier: false, addresses: [] }],
    ['no-address', { addresses: [], gateway: null, dns: [] }],
    ['no-address', { family: 6 }],
    ['no-gateway', { gateway: null, dns: [] }],
    ['no-dns-servers', { dns: [] }],
  ])('is the most basic one: %s', (kind, change) => {
    expect(portCause('lan', { ...port, ...change })).toMatchObject({ kind, port: 'lan' });
  });

  it('is an invalid configuration before what follows from it, with loopback marked', () => {
    const trouble = [{ code: 'address-is-loopback', invalidConfiguration: true, loopback: true, message: 'x' }];
    expect(portCause('wan', { ...port, addresses: [], trouble })).toMatchObject({
      kind: 'invalid-configuration',
      loopback: true,
    });
  });

  it('is the look-up when all else is well, and tells whether a server answered', async () => {
    const lost: Lookup = async () => ({ addresses: [], answered: false, detail: 'ETIMEOUT' });
    expect(await cause({})).toBeNull();
    expect(await cause({}, lost)).toMatchObject({ kind: 'dns-failed', port: 'lan', serverAnswered: false });
    expect(await cause({ lan: { ...port, dns: [] } }, lost, '192.0.2.1')).toBeNull();
  });

  it('under split network is asked of WAN, and of LAN as far as scanning needs it', async () => {
    const asked: string[][] = [];
    const lookup: Lookup = async (_, __, servers) => {
      asked.push([...servers]);
      return { addresses: ['192.0.2.1'], answered: true, detail: '' };
    };
    const wan = { ...port, device: 'eth1', dns: ['192.0.2.53'] };
    expect(await cause({ lan: { ...port, gateway: null, dns: [] }, wan }, lookup)).toBeNull();
    expect(asked).toEqual([['192.0.2.53']]);
    expect(await cause({ lan: { ...port, carrier: false }, wan }, lookup)).toMatchObject({
      kind: 'no-carrier',
      port: 'lan',
    });
    expect(await cause({ wan: { ...wan, gateway: null } }, lookup)).toMatchObject({ kind: 'no-gateway', port: 'wan' });
  });
});
