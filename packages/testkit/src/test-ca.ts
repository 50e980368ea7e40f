import 'reflect-metadata';
import { createHash, randomBytes, webcrypto } from 'node:crypto';
import {
  BasicConstraintsExtension,
  cryptoProvider,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';

/** A certificate authority for tests, valid for a day around its time. */
export interface TestCa {
  readonly pem: string;
  /** SHA-256 of the DER, lower-case hex: what an enrolment string pins. */
  readonly sha256: string;
  /** ECDSA with SHA-256, r and s as in IEEE P1363. */
  sign(bytes: Uint8Array): Promise<Uint8Array>;
  /** A server certificate of this authority. `daysAgo` moves its one day of validity into the past. */
  issue(names: readonly string[], daysAgo?: number): Promise<{ readonly cert: string; readonly key: string }>;
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const dayMs = 86_400_000;

/** Makes a new authority with a key of its own; `now` is its time, milliseconds since the epoch. */
export async function testCa(name = 'Test CA', now = Date.now()): Promise<TestCa> {
  cryptoProvider.set(webcrypto);
  const keys = await newKeys();
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: serial(),
    name: `CN=${name}`,
    notBefore: new Date(now - dayMs),
    notAfter: new Date(now + dayMs),
    signingAlgorithm: algorithm,
    keys,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
    ],
  });
  return {
    pem: certificate.toString('pem'),
    sha256: createHash('sha256').update(Buffer.from(certificate.rawData)).digest('hex'),
    sign: async (bytes) =>
      new Uint8Array(await webcrypto.subtle.sign(algorithm, keys.privateKey, Uint8Array.from(bytes))),
    issue: async (names, daysAgo = 0) => {
      const leaf = await newKeys();
      const issued = await X509CertificateGenerator.create({
        serialNumber: serial(),
        subject: `CN=${names[0] ?? 'test'}`,
        issuer: certificate.subject,
        notBefore: new Date(now - (daysAgo + 0.5) * dayMs),
        notAfter: new Date(now - (daysAgo - 0.5) * dayMs),
        signingAlgorithm: algorithm,
        publicKey: leaf.publicKey,
        signingKey: keys.privateKey,
        extensions: [
          new SubjectAlternativeNameExtension(
            names.map((value) => ({ type: /^[0-9.]+$|:/.test(value) ? ('ip' as const) : ('dns' as const), value })),
          ),
        ],
      });
      const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', leaf.privateKey)).toString('base64');
      return {
        cert: issued.toString('pem'),
        key: `-----BEGIN PRIVATE KEY-----\n${pkcs8}\n-----END PRIVATE KEY-----\n`,
      };
    },
  };
}

function newKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
}

/** Positive: the top bit of a serial number must be clear. */
function serial(): string {
  const bytes = randomBytes(9);
  bytes[0] = 1;
  return bytes.toString('hex');
}
