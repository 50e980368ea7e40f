import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hex } from '../services/bytes.ts';
import { addressBytes, addressText, macBytes, macText, multicastMac, solicitedNodeGroup } from './address-bytes.ts';

describe('addresses in packets', () => {
  it.each([
    ['10.0.0.7', hex('0a 00 00 07')],
    ['255.255.255.255', hex('ff ff ff ff')],
    ['fe80::1', hex('fe80 0000 0000 0000 0000 0000 0000 0001')],
  ])('%s has its bytes, and reads back', (text, bytes) => {
    expect(addressBytes(text)).toEqual(bytes);
    expect(addressText(bytes)).toBe(text);
  });

  it('what is no address has no bytes and no text', () => {
    expect(addressBytes('10.0.0')).toBeNull();
    expect(addressText(new Uint8Array(6))).toBeNull();
    expect(macBytes('aa:bb:cc:dd:ee')).toBeNull();
  });

  it('every MAC reads back', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 6, maxLength: 6 }), (mac) => {
        expect(macBytes(macText(mac))).toEqual(mac);
      }),
    );
  });

  it('a neighbour is asked through the group and the MAC that its address gives (RFC 4291 section 2.7.1)', () => {
    const group = solicitedNodeGroup(addressBytes('4037::1:800:200e:8c6c') ?? new Uint8Array(16));
    expect(addressText(group)).toBe('ff02::1:ff0e:8c6c');
    expect(macText(multicastMac(group))).toBe('33:33:ff:0e:8c:6c');
  });
});
