import 'reflect-metadata';
import { createHash, webcrypto, X509Certificate as NodeCertificate } from 'node:crypto';
import { isIP } from 'node:net';
import { join } from 'node:path';
import type { Clock } from '@picket/base/clock';
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  AuthorityKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';
import { readOrCreateSecretFile, writeSecretFile } from './secret-file.ts';

/** What the HTTPS server presents. */
export interface ServerCertificate {
  /** PEM: the server's certificate, then the CA's. */
  readonly chain: string;
  /** PEM, PKCS #8. */
  readonly key: string;
  /** When it ends, milliseconds since the epoch. */
  readonly notAfter: number;
}

/** The platform's own authority: trusted by its fingerprint, which the enrolment string carries. */
export interface CertificateAuthority {
  readonly pem: string;
  /** SHA-256 of the DER, lower-case hex. */
  readonly sha256: string;
  /** ECDSA with SHA-256, r and s as in IEEE P1363. Only for what can't be taken for a certificate. */
  sign(bytes: Uint8Array): Promise<Uint8Array>;
  /** The stored certificate for these names, or a new one when it is absent, near its end, or for other names. */
  serverCertificate(names: readonly string[]): Promise<ServerCertificate>;
}

const day = 86_400_000;
const caDays = 3650;
/** Below the 398 days that browsers accept (CA/Browser Forum baseline requirements 6.3.2). */
const serverDays = 397;
/** Renewed when so little is left. */
const renewDays = 30;
const algorithm = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const signing = { name: 'ECDSA', hash: 'SHA-256' } as const;

/** Reads the authority from `<folder>/ca.pem` (key and certificate, 0600), making it at the first start. */
export async function loadCertificateAuthority(folder: string, clock: Clock): Promise<CertificateAuthority> {
  const text = await readOrCreateSecretFile(join(folder, 'ca.pem'), () => createAuthority(clock));
  const { keyPem, certificates } = splitPem(text);
  const [pem = ''] = certificates;
  const certificate = new X509Certificate(pem);
  const key = await webcrypto.subtle.importKey('pkcs8', pemBytes(keyPem), algorithm, false, ['sign']);
  const authority = { certificate, key, pem };
  return {
    pem,
    sha256: createHash('sha256').update(new Uint8Array(certificate.rawData)).digest('hex'),
    sign: async (bytes) => new Uint8Array(await webcrypto.subtle.sign(signing, key, Uint8Array.from(bytes))),
    serverCertificate: (names) => serverCertificate(authority, join(folder, 'server.pem'), names, clock),
  };
}

interface Authority {
  readonly certificate: X509Certificate;
  readonly key: webcrypto.CryptoKey;
  readonly pem: string;
}

async function createAuthority(clock: Clock): Promise<string> {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const serial = Buffer.from(webcrypto.getRandomValues(new Uint8Array(8))).toString('hex');
  const certificate = await X509CertificateGenerator.createSelfSigned(
    {
      serialNumber: positiveSerial(serial),
      name: `CN=Picket CA ${serial}`,
      notBefore: new Date(clock.now() - day),
      notAfter: new Date(clock.now() + caDays * day),
      keys,
      signingAlgorithm: signing,
      extensions: [
        new BasicConstraintsExtension(true, 0, true),
        new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
        await SubjectKeyIdentifierExtension.create(keys.publicKey),
      ],
    },
    webcrypto,
  );
  return `${await exportKey(keys.privateKey)}${certificate.toString('pem')}\n`;
}

async function serverCertificate(
  authority: Authority,
  path: string,
  names: readonly string[],
  clock: Clock,
): Promise<ServerCertificate> {
  const stored = readServer(await readOrCreateSecretFile(path, () => issue(authority, names, clock)));
  if (isGood(stored, authority, names, clock)) return stored;
  const text = await issue(authority, names, clock);
  await writeSecretFile(path, text);
  return readServer(text);
}

function readServer(text: string): ServerCertificate {
  const { keyPem, certificates } = splitPem(text);
  const [first = ''] = certificates;
  const notAfter = first === '' ? 0 : new Date(new NodeCertificate(first).validTo).getTime();
  return { chain: certificates.join(''), key: keyPem, notAfter };
}

function isGood(stored: ServerCertificate, authority: Authority, names: readonly string[], clock: Clock): boolean {
  if (stored.notAfter - clock.now() < renewDays * day) return false;
  const certificate = new NodeCertificate(stored.chain);
  const matches = (name: string) =>
    isIP(name) === 0 ? certificate.checkHost(name) !== undefined : certificate.checkIP(name) !== undefined;
  return certificate.checkIssued(new NodeCertificate(authority.pem)) && names.every(matches);
}

async function issue(authority: Authority, names: readonly string[], clock: Clock): Promise<string> {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  // The certificate must not outlive the authority.
  const end = Math.min(clock.now() + serverDays * day, authority.certificate.notAfter.getTime());
  const certificate = await X509CertificateGenerator.create(
    {
      serialNumber: positiveSerial(Buffer.from(webcrypto.getRandomValues(new Uint8Array(16))).toString('hex')),
      subject: 'CN=Picket',
      issuer: authority.certificate.subject,
      notBefore: new Date(clock.now() - day),
      notAfter: new Date(end),
      publicKey: keys.publicKey,
      signingKey: authority.key,
      signingAlgorithm: signing,
      extensions: [
        new BasicConstraintsExtension(false, undefined, true),
        new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
        new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
        new SubjectAlternativeNameExtension(names.map((value) => ({ type: isIP(value) === 0 ? 'dns' : 'ip', value }))),
        await AuthorityKeyIdentifierExtension.create(authority.certificate, false, webcrypto),
      ],
    },
    webcrypto,
  );
  return `${await exportKey(keys.privateKey)}${certificate.toString('pem')}\n${authority.pem}`;
}

/** Serial numbers are positive: the highest bit stays clear (RFC 5280 section 4.1.2.2). */
function positiveSerial(hex: string): string {
  return `0${hex.slice(1)}`.replace(/^00/, '01');
}

async function exportKey(key: webcrypto.CryptoKey): Promise<string> {
  const base64 = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', key)).toString('base64');
  return `-----BEGIN PRIVATE KEY-----\n${base64.replaceAll(/.{64}(?=.)/g, '$&\n')}\n-----END PRIVATE KEY-----\n`;
}

function pemBytes(pem: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.from(pem.replaceAll(/-----[^-]+-----|\s/g, ''), 'base64'));
}

function splitPem(text: string): { keyPem: string; certificates: readonly string[] } {
  const blocks = text.match(/-----BEGIN ([A-Z ]+)-----[^-]+-----END \1-----/g) ?? [];
  const lines = blocks.map((block) => `${block}\n`);
  return {
    keyPem: lines.find((block) => block.includes('PRIVATE KEY')) ?? '',
    certificates: lines.filter((block) => block.includes('BEGIN CERTIFICATE')),
  };
}
