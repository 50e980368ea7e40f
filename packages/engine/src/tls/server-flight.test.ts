import { describe, expect, it } from 'vitest';
import { tlsMessages } from '../fuzz/corpus/tls-messages.ts';
import { concat, hex } from '../services/bytes.ts';
import { cipherName } from './cipher-suites.ts';
import { eliminate } from './elimination.ts';
import { decodeKeyExchange } from './key-exchange.ts';
import { decodeHandshake, decodeServerFlight } from './server-flight.ts';
import { decodeSsl2Hello } from './ssl2.ts';
import { decodeEncryptedMessages } from './tls13-flight.ts';

describe('the first flight of a server', () => {
  it('of TLS 1.2 tells suite, certificates and key exchange', () => {
    const flight = decodeServerFlight(tlsMessages.classicFlight);
    expect(flight).toMatchObject({ done: true, foreign: false, alert: null, clientCertificate: false });
    expect(cipherName(flight.hello?.cipher ?? 0)).toMatch(/^TLS_ECDHE_ECDSA_WITH/);
    expect(flight.certificates).toHaveLength(2);
    expect(flight.keyExchange?.group).toBe(29);
  });

  it('is not done while a part is missing', () => {
    const { classicFlight } = tlsMessages;
    for (let cut = 0; cut < classicFlight.length; cut += 97)
      expect(decodeServerFlight(classicFlight.subarray(0, cut)).done).toBe(false);
  });

  it('is the same when messages are spread over records', () => {
    const { classicFlight } = tlsMessages;
    const content: Uint8Array[] = [];
    for (let at = 0; at < classicFlight.length; ) {
      const length = ((classicFlight[at + 3] ?? 0) << 8) | (classicFlight[at + 4] ?? 0);
      content.push(classicFlight.subarray(at + 5, at + 5 + length));
      at += 5 + length;
    }
    const whole = concat(...content);
    const small = Array.from({ length: Math.ceil(whole.length / 10) }, (_, index) => {
      const part = whole.subarray(index * 10, index * 10 + 10);
      return concat(hex('16 0303'), Uint8Array.of(0, part.length), part);
    });
    expect(decodeServerFlight(concat(...small))).toEqual(decodeServerFlight(classicFlight));
  });

  it('of TLS 1.3 ends, in the clear, with the hello', () => {
    const flight = decodeServerFlight(tlsMessages.tls13Hello);
    expect(flight).toMatchObject({ done: true, hello: { version: 0x0304, retry: false }, certificates: [] });
    expect(flight.encrypted.length).toBeGreaterThan(0);
    expect(decodeEncryptedMessages(decodeHandshake(tlsMessages.encryptedMessages))).toMatchObject({
      alpn: 'h2',
      stapled: true,
      signature: 0x0804,
      whole: true,
    });
  });

  it('may be an alert, or no TLS at all', () => {
    expect(decodeServerFlight(tlsMessages.alert)).toMatchObject({ alert: 40, done: true });
    expect(decodeServerFlight(hex('15 0303 0002 01 70'))).toMatchObject({ alert: null, done: false });
    expect(decodeServerFlight(new TextEncoder().encode('220 hello\r\n')).foreign).toBe(true);
  });
});

describe('a key exchange', () => {
  it('names its curve or the size of its prime', () => {
    const elliptic = decodeKeyExchange(tlsMessages.ellipticExchange, 'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256', true);
    expect(elliptic).toEqual({ group: 29, dhBits: null, signature: 0x0804 });
    const finite = decodeKeyExchange(tlsMessages.finiteFieldExchange, 'TLS_DHE_RSA_WITH_AES_128_CBC_SHA', false);
    expect(finite).toEqual({ group: null, dhBits: 512, signature: null });
    expect(decodeKeyExchange(tlsMessages.finiteFieldExchange, 'TLS_RSA_WITH_AES_128_CBC_SHA', false)).toBeNull();
  });
});

describe('a hello of SSL 2.0', () => {
  it('lists what the server accepts', () => {
    expect(decodeSsl2Hello(tlsMessages.ssl2Hello)).toEqual({
      ciphers: ['SSL_CK_RC4_128_WITH_MD5', 'SSL_CK_DES_192_EDE3_CBC_WITH_MD5'],
      certificate: null,
    });
    expect(decodeSsl2Hello(tlsMessages.ssl2Hello.subarray(0, 20))).toBe('wait');
    expect(decodeSsl2Hello(tlsMessages.alert)).toBeNull();
  });
});

describe('elimination', () => {
  it('asks once more than the server accepts', async () => {
    let asked = 0;
    const found = await eliminate([1, 2, 3, 4, 5, 6, 7, 8], async (offer) => {
      asked += 1;
      return [7, 2, 5].find((each) => offer.includes(each)) ?? 'none';
    });
    expect(found).toEqual({ accepted: [7, 2, 5], complete: true });
    expect(asked).toBe(4);
  });

  it('ends when the server chooses what was not offered, or gives no answer', async () => {
    expect(await eliminate([1, 2], async () => 9)).toEqual({ accepted: [], complete: true });
    expect(await eliminate([1, 2], async () => 'unknown')).toEqual({ accepted: [], complete: false });
  });
});
