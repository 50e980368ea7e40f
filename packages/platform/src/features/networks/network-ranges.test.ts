import { formatRange } from '@picket/base/ip';
import { describe, expect, it } from 'vitest';
import { addressCount, readNetworkRanges } from './network-ranges.ts';

const read = (ranges: string, exclusions = '') => readNetworkRanges(ranges, exclusions);

describe('the ranges of a network', () => {
  it('are stored merged and canonical, exclusions only where they take something away', () => {
    const { value, faults } = read('10.0.0.128/25, 10.0.0.0-127\n2001:DB8::1 # router', '10.0.0.7, 192.168.0.1');
    expect(faults).toEqual([]);
    expect(value.ranges.map(formatRange)).toEqual(['10.0.0.0-10.0.0.255', '2001:db8::1']);
    expect(value.exclusions.map(formatRange)).toEqual(['10.0.0.7']);
    expect(addressCount(value.ranges, value.exclusions)).toBe('256');
  });

  it('name every fault at once, with its field and item', () => {
    const { faults } = read('10.0.0.0/33 010.1.2.3 www.example.org 224.0.0.1\n10.0.0.9-10.0.0.1', '0x7f.1');
    expect(faults.map((fault) => [fault.field, fault.item ?? ''])).toEqual([
      ['ranges', '10.0.0.0/33'],
      ['ranges', '010.1.2.3'],
      ['ranges', '10.0.0.9-10.0.0.1'],
      ['ranges', 'www.example.org'],
      ['exclusions', '0x7f.1'],
      ['ranges', ''],
    ]);
    expect(faults.at(-1)?.message).toContain('224.0.0.1');
  });

  it.each([
    ['nothing', '', '', 'ranges'],
    ['only a comment', '# later', '', 'ranges'],
    ['exclusions that take all away', '10.0.0.0/24', '10.0.0.0/8', 'exclusions'],
  ])('refuse %s', (_title, ranges, exclusions, field) => {
    expect(read(ranges, exclusions).faults.map((fault) => fault.field)).toEqual([field]);
  });

  it('tell public addresses from internal ones, loopback included', () => {
    expect(read('127.0.0.1 ::1 10.0.0.0/8 fd00::/8 100.64.0.1').value.publicRanges).toEqual([]);
    expect(read('9.255.255.255-10.0.0.1').value.publicRanges.map(formatRange)).toEqual(['9.255.255.255']);
  });
});
