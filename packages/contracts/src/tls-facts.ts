import { z } from 'zod';
import { isoDateTime } from './primitive.ts';

/** Facts of an X.509 certificate (RFC 5280), as it was shown; nothing of it is trusted. What is absent was not asked or is not there. */
export const certificateFacts = z.object({
  subject: z.string().max(1024),
  issuer: z.string().max(1024),
  names: z.array(z.string().max(255)).max(100),
  notBefore: isoDateTime,
  notAfter: isoDateTime,
  /** SHA-256 of the DER, lower-case hex. */
  sha256: z.string().length(64),
  keyType: z.string().max(32),
  keyBits: z.number().int().nonnegative(),
  signatureAlgorithm: z.string().max(64),
  selfSigned: z.boolean(),
  /** SHA-1 of the DER, lower-case hex: other tools still name certificates by it. */
  sha1: z.string().length(40).optional(),
  serial: z.string().max(128).optional(),
  keyCurve: z.string().max(64).optional(),
  /** Basic constraints: the certificate may issue others. */
  authority: z.boolean().optional(),
  pathLength: z.number().int().nonnegative().optional(),
  keyUsage: z.array(z.string().max(64)).max(16).optional(),
  extendedKeyUsage: z.array(z.string().max(64)).max(32).optional(),
  ocspUrls: z.array(z.string().max(512)).max(8).optional(),
  issuerUrls: z.array(z.string().max(512)).max(8).optional(),
  crlUrls: z.array(z.string().max(512)).max(8).optional(),
});
export type CertificateFacts = z.infer<typeof certificateFacts>;

/** Weaknesses that follow from the other facts of a survey alone. Stable words. */
export const tlsWeakness = z.enum([
  'ssl20',
  'ssl30',
  'tls10',
  'tls11',
  'null-encryption',
  'anonymous',
  'export',
  'rc4',
  'des',
  'triple-des',
  'rc2',
  'no-forward-secrecy',
  'compression',
  'heartbeat-offered',
  'insecure-renegotiation',
  'client-renegotiation',
  'weak-dh',
  'weak-curve',
  'sha1-signature',
  'weak-key',
  'chain-order',
  'chain-incomplete',
]);
export type TlsWeakness = z.infer<typeof tlsWeakness>;

const names = (limit: number) => z.array(z.string().max(64)).max(limit);

/** Everything that a server would negotiate, found by asking for one thing after the other. Names as IANA registers them. */
export const tlsSurvey = z.object({
  /** False: handshakes or time ran out, or the server stopped answering; what is here is true, but there may be more. */
  complete: z.boolean(),
  handshakes: z.number().int().nonnegative(),
  /** Versions that the server speaks, newest first, each with the suites that it accepts, in its order. */
  versions: z
    .array(
      z.object({
        version: z.enum(['ssl20', 'ssl30', 'tls10', 'tls11', 'tls12', 'tls13']),
        ciphers: names(400),
        /** Whose order of suites decides; null when it could not be told. */
        preference: z.enum(['server', 'client']).nullable(),
      }),
    )
    .max(6),
  /** Groups and curves for key exchange, in the server's order: those of TLS 1.3, and those of older versions. */
  groups: z.object({ tls13: names(64), classic: names(64) }),
  signatures: z.object({ tls13: names(64), tls12: names(64) }),
  /** Prime of a finite-field exchange, bits. */
  dhBits: z.number().int().nonnegative().nullable(),
  exportDhBits: z.number().int().nonnegative().nullable(),
  alpn: z.array(z.string().max(32)).max(16),
  /** What TLS 1.2 and older negotiate; null when the server speaks none of them. */
  features: z
    .object({
      secureRenegotiation: z.boolean(),
      /** The client may start a new handshake inside the session; null when that was not found out. */
      clientRenegotiation: z.boolean().nullable(),
      extendedMasterSecret: z.boolean(),
      encryptThenMac: z.boolean(),
      compression: z.boolean(),
      heartbeat: z.boolean(),
      sessionTicket: z.boolean(),
      sessionId: z.boolean(),
    })
    .nullable(),
  /** A second session was resumed from the first; null when that was not found out. */
  resumption: z.boolean().nullable(),
  stapledOcsp: z.boolean().nullable(),
  clientCertificate: z.boolean().nullable(),
  sni: z.object({
    /** SHA-256 of the certificate shown without a name, and for the host's own name; null when none was shown. */
    default: z.string().length(64).nullable(),
    named: z.string().length(64).nullable(),
    /** What a name brings that the server cannot know. */
    unknownName: z.enum(['default', 'named', 'other', 'refused']).nullable(),
  }),
  /** Certificates as they were sent, the server's own first. */
  chain: z.array(certificateFacts).max(8),
  /** How the chain hangs together; null when there is none. */
  path: z
    .object({
      ordered: z.boolean(),
      complete: z.boolean(),
      missingIssuer: z.string().max(1024).nullable(),
      surplus: z.number().int().nonnegative(),
      sendsRoot: z.boolean(),
    })
    .nullable(),
  weaknesses: z.array(tlsWeakness).max(32),
});
export type TlsSurvey = z.infer<typeof tlsSurvey>;
