import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hex } from '../../services/bytes.ts';
import { decodesAnything } from '../../testing/decoder-properties.ts';
import { decodeAddress, decodeLink, decodeNeighbourEntry, decodeRoute } from './netlink-entries.ts';
import { decodeAttributes, decodeNetlink, encodeNetlink, netlinkType } from './netlink-message.ts';

const link = hex(
  '00 00 01 00 07 00 00 00', // Ethernet, index 7
  '43 10 01 00 00 00 00 00', // up, running
  '0b 00 03 00 65 74 68 30 2e 39 00 00', // name "eth0.9"
  '08 00 04 00 dc 05 00 00', // MTU 1500
  '08 00 05 00 02 00 00 00', // on interface 2
  '0a 00 01 00 02 00 00 00 00 01 00 00', // address
  '1c 00 12 00', // link information
  '09 00 01 00 76 6c 61 6e 00 00 00 00', // kind "vlan"
  '0c 00 02 00 06 00 01 00 09 00 00 00', // data: identifier 9
);
const route = hex(
  '02 10 00 00 fe 02 00 01 00 00 00 00', // IPv4, /16, main table, unicast
  '08 00 01 00 0a 4d 00 00', // 10.77.0.0
  '08 00 05 00 0a 09 00 fe', // through 10.9.0.254
  '08 00 04 00 07 00 00 00', // interface 7
  '08 00 07 00 0a 09 00 01', // from 10.9.0.1
);
const twoWays = hex(
  '02 00 00 00 fe 02 00 01 00 00 00 00', // IPv4, default
  '24 00 09 00', // several hops
  '10 00 00 00 03 00 00 00 08 00 05 00 0a 00 00 01', // interface 3, 10.0.0.1
  '10 00 00 00 04 00 00 00 08 00 05 00 0a 00 00 02', // interface 4, 10.0.0.2
);
const neighbour = hex(
  '02 00 00 00 07 00 00 00 02 00 00 01', // IPv4, interface 7, reachable
  '08 00 01 00 0a 09 00 02', // 10.9.0.2
  '0a 00 02 00 02 00 00 00 00 02 00 00', // its MAC
);
const address = hex('02 18 80 00 07 00 00 00', '08 00 01 00 0a 09 00 01', '08 00 02 00 0a 09 00 01');

describe('messages of rtnetlink', () => {
  it('a link, byte by byte', () => {
    expect(decodeLink(link)).toEqual({
      index: 7,
      name: 'eth0.9',
      up: true,
      loopback: false,
      framing: 'ethernet',
      mac: '02:00:00:00:00:01',
      mtu: 1500,
      vlan: { id: 9, parent: 2 },
    });
    // 0xfffe: a tun device.
    expect(decodeLink(link.with(2, 0xfe).with(3, 0xff))).toMatchObject({ framing: 'ip' });
  });

  it('an address, but none that is still being tried', () => {
    expect(decodeAddress(address)).toEqual({ linkIndex: 7, address: '10.9.0.1', prefix: 24 });
    expect(decodeAddress(address.with(2, 0x40))).toBeNull();
  });

  it('a route, byte by byte', () => {
    expect(decodeRoute(route)).toEqual({
      family: 2,
      table: 254,
      type: 1,
      prefix: '10.77.0.0/16',
      source: '10.9.0.1',
      hops: [{ linkIndex: 7, gateway: '10.9.0.254' }],
    });
    expect(decodeRoute(twoWays)).toMatchObject({
      prefix: '0.0.0.0/0',
      hops: [
        { linkIndex: 3, gateway: '10.0.0.1' },
        { linkIndex: 4, gateway: '10.0.0.2' },
      ],
    });
  });

  it('a neighbour, byte by byte', () => {
    const known = { linkIndex: 7, state: 2, address: '10.9.0.2', mac: '02:00:00:00:00:02' };
    expect(decodeNeighbourEntry(neighbour)).toEqual(known);
  });

  it('a request reads back, and only under its sequence number', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 12, maxLength: 12 }), fc.uint8Array({ maxLength: 20 }), (fixed, data) => {
        const attributes = [{ type: 1, data }];
        const bytes = encodeNetlink({ type: netlinkType.getRoute, sequence: 5, dump: false, fixed, attributes });
        const [message, ...more] = decodeNetlink(bytes, 5);
        expect(more).toEqual([]);
        expect(message?.type).toBe(netlinkType.getRoute);
        expect(message?.body.slice(0, 12)).toEqual(fixed);
        expect(decodeAttributes(message?.body ?? new Uint8Array(0), 12).get(1)).toEqual(data);
        expect(decodeNetlink(bytes, 6)).toEqual([]);
      }),
    );
  });

  it('decodes anything', () => {
    const whole = (decode: (bytes: Uint8Array) => unknown) => (bytes: Uint8Array, at: number, end: number) =>
      decode(bytes.subarray(at, end));
    decodesAnything(whole((bytes) => decodeNetlink(bytes, 1).map(({ type }) => type)));
    decodesAnything(whole(decodeLink), [link]);
    decodesAnything(whole(decodeAddress), [address]);
    decodesAnything(whole(decodeRoute), [route, twoWays]);
    decodesAnything(whole(decodeNeighbourEntry), [neighbour]);
  });
});
