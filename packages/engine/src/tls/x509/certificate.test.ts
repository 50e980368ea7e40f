import { X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { tlsMessages } from '../../fuzz/corpus/tls-messages.ts';
import { concat, hex } from '../../services/bytes.ts';
import { certificateFacts } from '../certificate-facts.ts';
import { type Certificate, decodeCertificate } from './certificate.ts';
import { chainFacts, isIssuedBy, isSelfSigned } from './chain.ts';
import { decodeDer, decodeOid, decodeTime } from './der.ts';
import { certificateNames, coversAddress, coversHost } from './host-match.ts';

const [serverDer, issuerDer, oldDer] = tlsMessages.certificates;

function read(der: Uint8Array | undefined): Certificate {
  const certificate = decodeCertificate(der ?? new Uint8Array(0));
  if (!certificate) throw new Error('not read');
  return certificate;
}

const server = read(serverDer);
const issuer = read(issuerDer);
const old = read(oldDer);

describe('a certificate', () => {
  it('is read with every field', () => {
    expect(server).toMatchObject({
      version: 3,
      serial: 'c0ffee',
      key: { type: 'ec', bits: 256, curve: 'secp256r1' },
      signatureAlgorithm: 'ecdsa-with-SHA256',
      names: ['www.example.test', '*.example.test', '192.0.2.7', '2001:db8::7'],
      authority: false,
      keyUsage: ['digitalSignature'],
      extendedKeyUsage: ['serverAuth', 'clientAuth'],
      ocspUrls: ['http://ocsp.example.test/'],
      issuerUrls: ['http://ca.example.test/issuer.crt'],
      crlUrls: ['http://ca.example.test/crl'],
      unknownCritical: [],
    });
    expect(server.subject.map(({ type, value }) => `${type}=${value}`)).toEqual([
      'C=DE',
      'ST=Bayern',
      'O=Example',
      'OU=Web',
      'CN=www.example.test',
      'emailAddress=a@example.test',
    ]);
    expect(issuer).toMatchObject({ authority: true, pathLength: 0, keyUsage: ['keyCertSign', 'cRLSign'] });
    expect(old).toMatchObject({ key: { type: 'rsa', bits: 1024 }, signatureAlgorithm: 'sha1WithRSAEncryption' });
  });

  it.each([
    ['the server', serverDer],
    ['the issuer', issuerDer],
    ['the old one', oldDer],
  ])('of %s is described as the platform’s library describes it', (_title, der = new Uint8Array(0)) => {
    const known = new X509Certificate(der);
    const facts = certificateFacts(der);
    expect(facts).toMatchObject({
      subject: known.subject.split('\n').join(', '),
      issuer: known.issuer.split('\n').join(', '),
      notBefore: new Date(known.validFrom).toISOString(),
      notAfter: new Date(known.validTo).toISOString(),
      sha256: known.fingerprint256.replaceAll(':', '').toLowerCase(),
      sha1: known.fingerprint.replaceAll(':', '').toLowerCase(),
      keyType: known.publicKey.asymmetricKeyType,
    });
    expect(facts?.serial).toBe(known.serialNumber.toLowerCase());
  });

  it('that a strict reader refuses is still described', () => {
    // Version 1 with a negative serial number, a UTCTime without seconds, and a key whose algorithm nobody knows.
    const validity = hex('30 1a', '17 0b 323530313031303030305a', '17 0b 333530313031303030305a');
    const name = hex('30 0e 31 0c 30 0a 06 03 550403 0c 03 626f78');
    const key = hex('30 0b 30 04 06 02 2a03 03 03 00 0102');
    const fields = concat(hex('02 01 ff', '30 04 06 02 2a03'), name, validity, name, key);
    const signed = concat(Uint8Array.of(0x30, fields.length), fields);
    const body = concat(signed, hex('30 04 06 02 2a03', '03 02 00 01'));
    const der = concat(Uint8Array.of(0x30, body.length), body);
    expect(() => new X509Certificate(der).publicKey).toThrow();
    expect(certificateFacts(der)).toMatchObject({
      subject: 'CN=box',
      serial: 'ff',
      notBefore: '2025-01-01T00:00:00.000Z',
      notAfter: '2035-01-01T00:00:00.000Z',
      keyType: '1.2.3',
      signatureAlgorithm: '1.2.3',
      keyBits: 0,
    });
  });

  it('that is none is null', () => {
    expect(decodeCertificate(new Uint8Array(0))).toBeNull();
    expect(decodeCertificate(hex('30 03 02 01 00'))).toBeNull();
    expect(decodeCertificate(new Uint8Array(70_000).fill(0x30))).toBeNull();
  });
});

describe('DER', () => {
  it('reads long lengths and refuses those that lie', () => {
    expect(decodeDer(hex('04 82 0003 010203'))?.content).toEqual(hex('010203'));
    expect(decodeDer(hex('04 03 0102'))).toBeNull();
    expect(decodeDer(hex('04 85 0000000001 00'))).toBeNull();
    expect(decodeDer(hex('30 80 0000'))).toBeNull();
  });

  it('reads object identifiers', () => {
    expect(decodeOid(hex('2a 86 48 86 f7 0d 01 01 0b'))).toBe('1.2.840.113549.1.1.11');
    expect(decodeOid(hex('55 1d 11'))).toBe('2.5.29.17');
    expect(decodeOid(hex('2a 86'))).toBe('');
  });

  it.each([
    ['17', '261121082506Z', '2026-11-21T08:25:06.000Z'],
    ['17', '991121082506Z', '1999-11-21T08:25:06.000Z'],
    ['18', '20611121082506Z', '2061-11-21T08:25:06.000Z'],
    ['17', '2611210825+0130', '2026-11-21T06:55:00.000Z'],
    ['17', '261321082506Z', null],
    ['18', 'never', null],
  ])('reads the time %s %s', (tag, text, expected) => {
    const content = Buffer.from(text, 'latin1');
    const time = decodeTime({ tag: Number.parseInt(tag, 16), content, whole: content });
    expect(time === null ? null : new Date(time).toISOString()).toBe(expected);
  });
});

describe('a chain', () => {
  it('is in order and complete as far as a client needs it', () => {
    expect(chainFacts([server, issuer])).toMatchObject({ ordered: true, complete: true, surplus: 0, sendsRoot: false });
    expect(chainFacts([server, issuer])?.missingIssuer?.at(-1)?.value).toBe('Example Root');
  });

  it('lacks the intermediate when the certificate stands alone', () => {
    expect(chainFacts([server])).toMatchObject({ complete: false });
    expect(chainFacts([old])).toMatchObject({ complete: true, missingIssuer: null });
  });

  it('is out of order when something stands between, and says what is of no use', () => {
    expect(chainFacts([server, old, issuer])).toMatchObject({ ordered: false, complete: true, surplus: 1 });
  });

  it('is linked by signatures, not by names alone', () => {
    expect(isIssuedBy(server, issuer)).toBe(true);
    const forged = { ...server, raw: { ...server.raw, signature: server.raw.signature.map((byte) => byte ^ 1) } };
    expect(isIssuedBy(forged, issuer)).toBe(false);
    expect(isSelfSigned(old)).toBe(true);
    expect(isSelfSigned(server)).toBe(false);
  });
});

describe('the names of a certificate', () => {
  it('cover hosts and addresses as RFC 9525 has it', () => {
    expect(coversHost(server.names, 'WWW.example.test')).toBe(true);
    expect(coversHost(server.names, 'mail.example.test')).toBe(true);
    expect(coversHost(server.names, 'a.mail.example.test')).toBe(false);
    expect(coversHost(server.names, 'example.test')).toBe(false);
    expect(coversAddress(server.names, '2001:db8:0::7')).toBe(true);
    expect(coversAddress(server.names, '192.0.2.8')).toBe(false);
  });

  it('fall back to the common name only when there are no others', () => {
    expect(certificateNames(old)).toEqual(['old']);
    expect(certificateNames(server)).toHaveLength(4);
  });
});
