import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalIp, cidrRange, formatIp, formatRange, parseIp, parseRange } from './ip.ts';

describe('addresses', () => {
  it.each([
    ['127.0.0.1', '127.0.0.1'],
    ['2001:DB8:0:0:0:0:0:1', '2001:db8::1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['2001:0:0:1:0:0:0:1', '2001:0:0:1::1'],
    ['::', '::'],
    ['::ffff:10.0.0.1', '::ffff:10.0.0.1'],
    ['1::', '1::'],
  ])('%s is %s in canonical form (RFC 5952)', (text, canonical) => {
    expect(canonicalIp(text)).toBe(canonical);
  });

  it.each([
    ['010.1.2.3'],
    ['0x7f.1'],
    ['1.2.3'],
    ['1.2.3.4.5'],
    ['1.2.3.256'],
    ['1.2.3.'],
    [''],
    ['1::2::3'],
    ['1:2:3:4:5:6:7'],
    ['1:2:3:4:5:6:7:8:9'],
    ['1:2:3:4:5:6:7::8'],
    ['::1%lo'],
    ['12345::'],
    ['1.2.3.4::'],
  ])('%s is no address', (text) => {
    expect(canonicalIp(text)).toBeNull();
  });

  it('every address reads back from its text', () => {
    const v4 = fc.bigInt({ min: 0n, max: 2n ** 32n - 1n }).map((bits) => ({ family: 4 as const, bits }));
    const v6 = fc.bigInt({ min: 0n, max: 2n ** 128n - 1n }).map((bits) => ({ family: 6 as const, bits }));
    fc.assert(
      fc.property(fc.oneof(v4, v6), (address) => {
        expect(parseIp(formatIp(address))).toEqual({ ok: true, value: address });
      }),
    );
  });

  it('no text makes the parser throw', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...'0123456789abcdef:.-/%x ') }),
        (text) => typeof parseRange(text).ok === 'boolean',
      ),
    );
  });

  it('a prefix is its range', () => {
    const address = parseIp('10.1.2.3');
    expect(address.ok && formatRange(cidrRange(address.value, 24))).toBe('10.1.2.0-10.1.2.255');
    expect(parseRange('10.0.0.9-10.0.0.1').ok).toBe(false);
  });
});
