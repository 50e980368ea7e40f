import { describe, expect, it } from 'vitest';
import { forbiddenAddress } from './forbidden-address.ts';

describe('forbiddenAddress', () => {
  it.each([
    ['127.0.0.1', 'own'],
    ['127.9.9.9', 'own'],
    ['0.0.0.0', 'own'],
    ['::1', 'own'],
    ['::', 'own'],
    ['::ffff:127.0.0.1', 'own'],
    ['::127.0.0.1', 'own'],
    ['64:ff9b::7f00:1', 'own'],
    ['2002:7f00:1::', 'own'],
    ['169.254.169.254', 'never'],
    ['::ffff:169.254.169.254', 'never'],
    ['64:ff9b::a9fe:a9fe', 'never'],
    ['2002:a9fe:a9fe::1', 'never'],
    ['fe80::1', 'never'],
    ['fd00:ec2::254', 'never'],
    ['100.100.100.200', 'never'],
    ['255.255.255.255', 'never'],
    ['224.0.0.1', 'never'],
    ['ff02::1', 'never'],
    ['0x7f000001', 'never'],
    ['2130706433', 'never'],
    ['127.1', 'never'],
    ['10.0.0.1', null],
    ['192.168.1.10', null],
    ['198.51.100.7', null],
    ['fd00::7', null],
    ['2001:db8::1', null],
    ['64:ff9b::c633:6407', null],
  ] as const)('%s: %s', (address, expected) => {
    expect(forbiddenAddress(address)).toBe(expected);
  });
});
