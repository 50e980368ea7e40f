import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compressPorts, formatPorts, parsePorts } from './port-set.ts';

describe('port sets', () => {
  it.each([
    ['22,80', '22,80'],
    ['1-3 2,5', '1-3,5'],
    ['T:80,U:53,161', '80,U:53,161'],
    ['U:53,T:22', '22,U:53'],
    ['none', 'none'],
  ])('reads %s as %s', (text, expected) => {
    const ports = parsePorts(text);
    expect(ports.ok && formatPorts(ports.value)).toBe(expected);
  });

  it('knows all ports and the likeliest', () => {
    const all = parsePorts('all');
    expect(all.ok && all.value.tcp.length).toBe(65_535);
    const top = parsePorts('top1000');
    expect(top.ok && top.value.tcp.length).toBe(1000);
  });

  it.each([['0'], ['65536'], ['9-1'], ['http'], ['top0'], ['top99999'], [''], ['80-'], ['1-70000']])(
    'refuses "%s" with a sentence',
    (text) => {
      const ports = parsePorts(text);
      expect(ports.ok).toBe(false);
      if (!ports.ok) expect(ports.error.message.length).toBeGreaterThan(10);
    },
  );

  it('writes what it reads back', () => {
    const port = fc.integer({ min: 1, max: 65_535 });
    fc.assert(
      fc.property(fc.uniqueArray(port, { maxLength: 50 }), fc.uniqueArray(port, { maxLength: 50 }), (tcp, udp) => {
        const sorted = { tcp: [...tcp].sort((a, b) => a - b), udp: [...udp].sort((a, b) => a - b) };
        const read = parsePorts(formatPorts(sorted));
        expect(read.ok && read.value).toEqual(sorted);
      }),
    );
  });

  it('compresses neighbours', () => {
    expect(compressPorts([1, 2, 3, 7, 9, 10])).toBe('1-3,7,9-10');
  });
});
