import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dhclient6Event, udhcpcEvent } from './client-event.ts';
import { hookRecords } from './hook-record.ts';

const now = '2026-01-01T00:00:00.000Z';
const bound = new Map(
  Object.entries({
    event: 'bound',
    ip: '10.11.0.139',
    mask: '24',
    router: '10.11.0.1',
    dns: '10.11.0.53 10.11.0.54',
    wins: '10.11.0.5 10.11.0.6',
    domain: 'corp.example',
    search: 'corp.example lab.example',
    staticroutes: '10.99.0.0/16 10.11.0.9 0.0.0.0/0 10.11.0.2',
    opt46: '08',
    serverid: '10.11.0.1',
    lease: '120',
  }),
);

describe('events of udhcpc', () => {
  it('carry the whole lease, and option 121 decides the gateway', () => {
    expect(udhcpcEvent(bound, now)).toEqual({
      kind: 'leased',
      lease: {
        address: '10.11.0.139',
        prefixLength: 24,
        gateway: '10.11.0.2',
        dns: ['10.11.0.53', '10.11.0.54'],
        wins: ['10.11.0.5', '10.11.0.6'],
        netbiosNode: 8,
        domain: 'corp.example',
        search: ['corp.example', 'lab.example'],
        routes: [{ destination: '10.99.0.0/16', gateway: '10.11.0.9' }],
        server: '10.11.0.1',
        seconds: 120,
        obtainedAt: now,
      },
    });
  });

  it('drop what a server must not write into a resolver file or a command', () => {
    const hostile = new Map([
      ...bound,
      ['domain', 'corp.example\nnameserver 6.6.6.6'],
      ['dns', '10.0.0.1; reboot 0.0.0.0 10.0.0.2'],
      ['staticroutes', '10.0.0.0/8 dev default 10.11.0.1 10.2.0.0/16'],
    ] as const);
    expect(udhcpcEvent(hostile, now)).toMatchObject({
      lease: { domain: null, dns: ['10.0.0.2'], routes: [], gateway: '10.11.0.1' },
    });
  });

  it('are refusals or nothing for whatever else is in a record', () => {
    expect(udhcpcEvent(new Map([...bound, ['ip', '010.1.1.1']]), now)).toMatchObject({ kind: 'refused' });
    expect(udhcpcEvent(new Map([['event', 'deconfig']]), now)).toEqual({ kind: 'lost' });
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...bound.keys(), 'reason'), fc.string()), (record) => {
        udhcpcEvent(new Map(Object.entries(record)), now);
        dhclient6Event(new Map(Object.entries(record)), now);
      }),
    );
  });
});

describe('events of dhclient', () => {
  it('carry address, servers and search list', () => {
    const record = new Map([
      ['reason', 'BOUND6'],
      ['new_ip6_address', 'fd00:11::1745'],
      ['new_max_life', '120'],
      ['new_dhcp6_name_servers', 'fd00:11::53'],
      ['new_dhcp6_domain_search', 'v6.example.'],
    ]);
    expect(dhclient6Event(record, now)).toEqual({
      kind: 'leased6',
      lease: { address: 'fd00:11::1745', dns: ['fd00:11::53'], search: ['v6.example'], seconds: 120, obtainedAt: now },
    });
  });
});

describe('records of the hook', () => {
  it('are the same however the bytes are cut, and one that is too long is dropped', () => {
    const bytes = Buffer.from('event=bound\0ip=10.0.0.1\0\0event=nak\0message=a=b\0\0');
    for (let cut = 1; cut < bytes.length; cut += 1) {
      const records: ReadonlyMap<string, string>[] = [];
      const take = hookRecords((record) => records.push(record));
      for (let at = 0; at < bytes.length; at += cut) take(bytes.subarray(at, at + cut));
      expect(records.map((record) => Object.fromEntries(record))).toEqual([
        { event: 'bound', ip: '10.0.0.1' },
        { event: 'nak', message: 'a=b' },
      ]);
    }
    const records: unknown[] = [];
    const take = hookRecords((record) => records.push(record));
    take(Buffer.alloc(70_000, 'x'));
    take(Buffer.from('x\0\0event=bound\0\0'));
    expect(records).toHaveLength(1);
  });
});
