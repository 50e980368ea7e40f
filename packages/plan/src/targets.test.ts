import { describe, expect, it } from 'vitest';
import { formatTarget, parseTarget, parseTargets } from './targets.ts';

const canonical = (text: string) => {
  const item = parseTarget(text);
  return item.ok ? formatTarget(item.value) : item.error;
};

describe('target grammar', () => {
  it.each([
    ['10.0.0.1', '10.0.0.1'],
    ['10.0.0.0/30', '10.0.0.0-10.0.0.3'],
    ['10.0.0.7/30', '10.0.0.4-10.0.0.7'],
    ['10.0.0.1-9', '10.0.0.1-10.0.0.9'],
    ['10.0.0.1-10.0.1.1', '10.0.0.1-10.0.1.1'],
    ['::1', '::1'],
    ['FD00::/126', 'fd00::-fd00::3'],
    ['fd00::1-fd00::f', 'fd00::1-fd00::f'],
    ['Mail.Example.COM.', 'mail.example.com'],
    ['host-1', 'host-1'],
    ['1host', '1host'],
  ])('reads %s as %s', (text, expected) => {
    expect(canonical(text)).toBe(expected);
  });

  it.each([
    ['10.0.0.0/33', 'prefix length must be a number from 0 to 32'],
    ['010.1.2.3', 'leading zero'],
    ['0x7f.1', 'hexadecimal'],
    ['1.2.3', 'three|3 octets'],
    ['10.0.0.256', 'larger than 255'],
    ['10.0.0.9-10.0.0.1', 'runs backwards'],
    ['10.0.0.9-1', 'runs backwards'],
    ['10.0.0.1-fd00::1', 'mixes'],
    ['fe80::1%eth0', 'zone identifier'],
    ['http://10.0.0.1/x', 'URL'],
    ['10.0.0.0/8/9', 'more than one'],
    ['a..b', 'neither'],
    ['-x', 'neither'],
    [':::', 'more than once|not a group'],
    ['2130706433', 'octets'],
  ])('refuses %s and says %s', (text, reason) => {
    const item = parseTarget(text);
    expect(item.ok).toBe(false);
    if (!item.ok) expect(item.error).toMatch(new RegExp(reason));
  });

  it('reads lists with commas, blanks, lines and comments, and keeps the good ones beside the bad', () => {
    const parsed = parseTargets('10.0.0.1, 10.0.0.2\n# all of it: 10.0.0.0/8\nhost.example 10.0.0.0/40 # too long');
    expect(parsed.items.map(formatTarget)).toEqual(['10.0.0.1', '10.0.0.2', 'host.example']);
    expect(parsed.errors).toEqual([{ item: '10.0.0.0/40', line: 3, message: expect.stringContaining('0 to 32') }]);
  });

  it('stops at its limits instead of reading on', () => {
    expect(parseTargets('a\n'.repeat(30_000)).errors.at(-1)?.message).toContain('more than 20000 items');
    expect(parseTargets('1'.repeat(1_000_001)).errors).toHaveLength(1);
  });
});
