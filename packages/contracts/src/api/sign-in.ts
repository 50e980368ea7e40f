import { z } from 'zod';
import { id, isoDateTime } from '../primitive.ts';
import { pageQuery } from './page.ts';

/** A session as lists show it; never its token. */
export const sessionEntry = z.object({
  id,
  /** How the person proved who they are, e.g. `password+code` or `passkey`. */
  method: z.string(),
  /** The browser's own words about itself, at most 256 characters. */
  userAgent: z.string().nullable(),
  address: z.string().nullable(),
  createdAt: isoDateTime,
  /** To the minute. */
  lastUsedAt: isoDateTime,
  expiresAt: isoDateTime,
  /** The one that asks. */
  current: z.boolean(),
});
export type SessionEntry = z.infer<typeof sessionEntry>;
export const sessionEntries = z.object({ items: z.array(sessionEntry) });
export const endedSessions = z.object({ ended: z.number().int() });

/** What a token may do, never more than its account at the time of use: look; also plan and run scans; everything but people and sign-in. */
export const tokenScope = z.enum(['read', 'scan', 'admin']);
export type TokenScope = z.infer<typeof tokenScope>;

/** Days after which a token ends, unless asked otherwise, and at most. */
export const tokenDays = { usual: 90, longest: 365 } as const;

export const apiToken = z.object({
  id,
  name: z.string(),
  scope: tokenScope,
  /** Its last four characters. */
  ending: z.string(),
  createdAt: isoDateTime,
  expiresAt: isoDateTime,
  /** To the hour; null: never used. */
  lastUsedAt: isoDateTime.nullable(),
  lastAddress: z.string().nullable(),
  expired: z.boolean(),
});
export type ApiToken = z.infer<typeof apiToken>;
export const apiTokens = z.object({ items: z.array(apiToken) });
export const createApiTokenRequest = z.object({
  name: z.string().trim().min(1).max(64),
  scope: tokenScope,
  days: z.number().int().min(1).max(tokenDays.longest).default(tokenDays.usual),
});
/** The token is in the answer once and nowhere else. */
export const createdApiToken = apiToken.extend({ token: z.string() });

/** How long sessions last, and whether a password alone is enough. */
export const securityPolicy = z.object({
  /** A session ends after so many minutes without a request. */
  idleMinutes: z.number().int().min(5).max(43_200),
  /** And so many hours after signing in, in any case. */
  absoluteHours: z.number().int().min(1).max(2160),
  /** Whoever signs in by password needs a second factor, and sets one up before anything else. */
  requireSecondFactor: z.boolean(),
  /** Signing in by the identity provider is proof enough: it asks for a second factor itself. */
  oidcCountsAsSecondFactor: z.boolean(),
});
export type SecurityPolicy = z.infer<typeof securityPolicy>;
export const updateSecurityPolicyRequest = securityPolicy.partial();

/** Whether failed sign-ins hold an account back; null: nothing does. */
export const signInLock = z.object({
  failures: z.number().int(),
  lockedUntil: isoDateTime.nullable(),
});
export type SignInLock = z.infer<typeof signInLock>;

/** What of the audit log; `action` also takes a beginning such as `account.`. */
export const auditFilter = z.object({
  from: isoDateTime.optional(),
  to: isoDateTime.optional(),
  actor: z.string().max(128).optional(),
  action: z.string().max(64).optional(),
});
export type AuditFilter = z.infer<typeof auditFilter>;
export const auditQuery = pageQuery.extend(auditFilter.shape);
export const auditExportQuery = auditFilter.extend({ format: z.enum(['csv', 'ndjson']).default('csv') });

/** Second factors beside the password. */
export const factors = z.object({
  /** Since when an authenticator app is in use; null: none is. */
  totpSince: isoDateTime.nullable(),
  recoveryCodesLeft: z.number().int(),
  passkeys: z.number().int(),
});
export type Factors = z.infer<typeof factors>;
const secondFactorCode = z.string().trim().min(6).max(32);
export const passwordProof = z.object({ password: z.string().max(256) });
export const factorProof = z.object({ password: z.string().max(256), code: secondFactorCode });
export const confirmTotpRequest = z.object({ code: secondFactorCode });
/** For the app: by QR code, or typed. In the answer once and nowhere else. */
export const newTotp = z.object({ secret: z.string(), uri: z.string() });
/** Each works once, in place of a code; in the answer once and nowhere else. */
export const recoveryCodes = z.object({ codes: z.array(z.string()) });

export const passkey = z.object({
  id,
  name: z.string(),
  /** Kept by a provider on several devices. */
  synced: z.boolean(),
  createdAt: isoDateTime,
  lastUsedAt: isoDateTime.nullable(),
});
export type Passkey = z.infer<typeof passkey>;
export const passkeys = z.object({ items: z.array(passkey) });
const base64url = z
  .string()
  .max(16_384)
  .regex(/^[\w-]*$/);
/** Options as WebAuthn defines their JSON: the browser's library reads them. */
export const webAuthnOptions = z.looseObject({ challenge: z.string() });
const webAuthnAnswer = z.object({
  id: base64url,
  rawId: base64url,
  type: z.literal('public-key'),
  authenticatorAttachment: z.enum(['platform', 'cross-platform']).optional(),
});
const passkeyName = z.string().trim().min(1).max(64);
/** RegistrationResponseJSON of WebAuthn level 3. */
export const registerPasskeyRequest = z.object({
  name: passkeyName,
  answer: webAuthnAnswer.extend({
    response: z.object({
      clientDataJSON: base64url,
      attestationObject: base64url,
      transports: z
        .array(z.enum(['ble', 'cable', 'hybrid', 'internal', 'nfc', 'smart-card', 'usb']))
        .max(8)
        .optional(),
    }),
  }),
});
/** AuthenticationResponseJSON of WebAuthn level 3. */
export const passkeySignInRequest = z.object({
  answer: webAuthnAnswer.extend({
    response: z.object({
      clientDataJSON: base64url,
      authenticatorData: base64url,
      signature: base64url,
      userHandle: base64url.optional(),
    }),
  }),
});
export const renamePasskeyRequest = z.object({ name: passkeyName });
/** The cookie is set; `GET /session` says the rest. */
export const signedIn = z.object({ signedIn: z.literal(true) });
