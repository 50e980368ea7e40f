import { z } from 'zod';
import { id, isoDateTime } from './primitive.ts';

/** A raw Ed25519 public key (32 bytes), base64url. */
export const publicKey = z.string().regex(/^[A-Za-z0-9_-]{43}$/);

export const deviceFacts = z.object({
  softwareVersion: z.string().max(64),
  contentVersion: z.string().max(64),
  /** `physical`, `virtual` (a hypervisor was seen), `process` (a plain process on somebody's machine). */
  kind: z.enum(['physical', 'virtual', 'process']),
  /** The address it uses towards the platform: for information only. */
  lanAddress: z.string().max(45).nullable(),
  hostname: z.string().max(255),
});

/** Sent again (with back-off) until the answer is `activated`. */
export const helloRequest = z.object({ level: z.number().int(), publicKey, facts: deviceFacts });
export const personalizeRequest = z.object({
  level: z.number().int(),
  publicKey,
  facts: deviceFacts,
  code: z.string().regex(/^[0-9]{14}$/),
});

export const identity = z.object({
  state: z.literal('activated'),
  applianceId: id,
  name: z.string().max(15),
  /** Key that signs answers and leases. */
  platformKey: publicKey,
  platformKeyId: z.string(),
});

export const helloAnswer = z.discriminatedUnion('state', [
  z.object({
    state: z.literal('waiting'),
    /** Digits, shown by the appliance and entered in the platform. Kept until it expires. */
    activationCode: z.string().regex(/^[0-9]{8,16}$/),
    expiresAt: isoDateTime,
    /** Ask again after so many seconds. */
    retryAfterSeconds: z.number().int().positive(),
  }),
  identity,
]);
export type HelloAnswer = z.infer<typeof helloAnswer>;
export type Identity = z.infer<typeof identity>;

/** Where the platform is and how to know it: the platform's own CA by its fingerprint, or a public CA. */
export interface EnrolmentTarget {
  /** Origin, `https://host:port`. */
  readonly url: string;
  /** SHA-256 of the CA certificate's DER, lower-case hex; null for a public CA. */
  readonly caSha256: string | null;
}

/** `https://picket.example:8443#ca=sha256:<64 hex digits>`; without the fragment a public CA is expected. */
export function formatEnrolment(target: EnrolmentTarget): string {
  return target.caSha256 === null ? target.url : `${target.url}#ca=sha256:${target.caSha256}`;
}

/** Reads an enrolment string (or the first line of an enrolment file). The error is a sentence for the one who typed it. */
export function parseEnrolment(text: string): { ok: true; value: EnrolmentTarget } | { ok: false; error: string } {
  const line = text.trim().split(/\r?\n/)[0]?.trim() ?? '';
  const shape = /^https:\/\/([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?\/?(?:#ca=sha256:([0-9A-Fa-f:]+))?$/.exec(
    line,
  );
  if (!shape)
    return {
      ok: false,
      error:
        'The enrolment string must look like https://platform.example:8443#ca=sha256:<fingerprint>. Copy it whole from the platform.',
    };
  const port = shape[2] === undefined ? 443 : Number(shape[2].slice(1));
  if (port < 1 || port > 65_535)
    return { ok: false, error: `Port ${port} of the enrolment string is outside 1 to 65535.` };
  const fingerprint = shape[3]?.replaceAll(':', '').toLowerCase();
  if (fingerprint !== undefined && fingerprint.length !== 64) {
    return {
      ok: false,
      error: `The fingerprint of the enrolment string has ${fingerprint.length} hex digits instead of 64. It was cut: copy the string whole.`,
    };
  }
  return { ok: true, value: { url: `https://${shape[1]}${shape[2] ?? ''}`, caSha256: fingerprint ?? null } };
}
