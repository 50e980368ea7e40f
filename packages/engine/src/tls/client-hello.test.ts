import { describe, expect, it } from 'vitest';
import { fixedRandom } from '../fuzz/fixed-random.ts';
import { concat, hex } from '../services/bytes.ts';
import { cipherCode, cipherName, ciphersFor } from './cipher-suites.ts';
import { clientHello } from './client-hello.ts';
import { decodeExtensions } from './server-hello.ts';
import { ssl2ClientHello } from './ssl2.ts';

describe('a ClientHello', () => {
  it('of SSL 3.0 has no extensions and says that it knows RFC 5746', () => {
    expect(clientHello({ version: 'ssl30', ciphers: [0x000a], serverName: 'a.test' }, fixedRandom)).toEqual(
      concat(
        hex('16 0300 002f', '01 00002b', '0300'), // record, handshake, version
        new Uint8Array(32).fill(0x42), // random
        hex('00', '0004 000a 00ff', '01 00'), // no session, two suites, no compression
      ),
    );
  });

  it('of TLS 1.2 names the host, and offers DEFLATE only among the features', () => {
    const offer = {
      version: 'tls12' as const,
      ciphers: [0xc02f],
      serverName: 'a.test',
      groups: [23],
      signatures: [0x0401],
    };
    expect(clientHello(offer, fixedRandom)).toEqual(
      concat(
        hex('16 0301 0059', '01 000055', '0303'),
        new Uint8Array(32).fill(0x42),
        hex('00', '0002 c02f', '01 00', '002a'),
        hex('0000 000b 0009 00 0006 612e74657374'), // server_name "a.test"
        hex('000a 0004 0002 0017', '000b 0002 01 00'), // supported_groups, ec_point_formats
        hex('000d 0004 0002 0401', 'ff01 0001 00'), // signature_algorithms, renegotiation_info
      ),
    );
    const features = clientHello({ ...offer, features: true }, fixedRandom);
    expect([...features.subarray(48, 51)]).toEqual([2, 1, 0]);
  });

  it('of TLS 1.3 offers that version alone, and a key share or none', () => {
    const hello = (keyShares?: []) =>
      decodeExtensions(
        clientHello(
          { version: 'tls13', ciphers: [0x1301], serverName: null, ...(keyShares ? { keyShares } : {}) },
          fixedRandom,
        ),
        82,
      );
    expect(hello().get(43)).toEqual(hex('02 0304'));
    expect(hello().get(51)?.length).toBe(38);
    expect(hello([]).get(51)).toEqual(hex('0000'));
    expect(hello().has(0)).toBe(false);
  });

  it('of SSL 2.0 offers seven cipher kinds', () => {
    const hello = ssl2ClientHello(fixedRandom);
    expect([...hello.subarray(0, 11)]).toEqual([...hex('802e 01 0002 0015 0000 0010')]);
    expect(hello).toHaveLength(48);
  });
});

describe('the table of suites', () => {
  it('has the registered names in both directions', () => {
    expect(ciphersFor(false).length + ciphersFor(true).length).toBe(349);
    for (const [code, name] of [
      [0x0003, 'TLS_RSA_EXPORT_WITH_RC4_40_MD5'],
      [0x0096, 'TLS_RSA_WITH_SEED_CBC_SHA'],
      [0x1301, 'TLS_AES_128_GCM_SHA256'],
      [0xc02f, 'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256'],
      [0xcca8, 'TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256'],
      [0xd005, 'TLS_ECDHE_PSK_WITH_AES_128_CCM_SHA256'],
    ] as const) {
      expect(cipherName(code)).toBe(name);
      expect(cipherCode(name)).toBe(code);
    }
    expect(cipherName(0xfafa)).toBe('0xfafa');
    expect(cipherCode('TLS_FALLBACK_SCSV')).toBeNull();
  });

  it('gives TLS 1.3 its own suites only', () => {
    expect(ciphersFor(true).map(cipherName)).toContain('TLS_CHACHA20_POLY1305_SHA256');
    expect(ciphersFor(true).every((code) => !ciphersFor(false).includes(code))).toBe(true);
  });
});
