import { z } from 'zod';
import { isoDateTime } from '../primitive.ts';

/** What becomes of people whom the provider knows and the platform does not. */
export const unknownPeople = z.enum(['refuse', 'reader']);

const fields = {
  /** What the sign-in page calls the provider. */
  name: z.string().trim().min(1).max(64),
  /** Exactly as the provider writes it: it stands in every token. */
  issuer: z.url({ protocol: /^https?$/ }).max(512),
  clientId: z.string().trim().min(1).max(256),
  /** The claim that holds the login, e.g. `email` or `preferred_username`. */
  loginClaim: z
    .string()
    .trim()
    .max(64)
    .regex(/^[A-Za-z0-9_.:/-]+$/, { message: 'must be the name of a claim' }),
  /** Domains of mail addresses that may sign in; none: any. */
  mailDomains: z
    .array(
      z
        .string()
        .trim()
        .toLowerCase()
        .max(253)
        .regex(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/, { message: 'must be a domain such as example.org' }),
    )
    .max(50),
  unknownPeople,
  /** Whoever signs in first with the login of an account that has no identity yet is bound to that account. */
  linkByLogin: z.boolean(),
  /** Everybody may sign in with a password; else Managers alone. */
  passwordSignIn: z.boolean(),
  /** Whoever signs out here is led to the provider to be signed out there as well, where it knows how to. */
  logoutAtProvider: z.boolean(),
  /** A sign-in of which the provider says that it took several factors (`amr` with `mfa`) counts as two here. */
  secondFactorByAmr: z.boolean(),
  /** Certificate of an own authority that vouches for the provider; null: the public ones. */
  caPem: z
    .string()
    .trim()
    .max(65_536)
    .includes('-----BEGIN CERTIFICATE-----', { message: 'must be a PEM certificate' })
    .nullable(),
};

/** The OpenID Connect provider that people sign in with; never its secret. */
export const oidcProvider = z.object({ ...fields, changedAt: isoDateTime, changedBy: z.string() });
export const oidcProviderState = z.object({
  provider: oidcProvider.nullable(),
  /** To be registered at the provider, exactly. */
  redirectUri: z.string(),
  /** To be registered there as well where people are signed out there: they come back to it. */
  signedOutUri: z.string(),
});
export type OidcProviderState = z.infer<typeof oidcProviderState>;
/** `clientSecret` absent: the stored one stays. */
export const setOidcProviderRequest = z.object({
  ...fields,
  loginClaim: fields.loginClaim.default('email'),
  mailDomains: fields.mailDomains.default([]),
  unknownPeople: unknownPeople.default('refuse'),
  linkByLogin: z.boolean().default(false),
  passwordSignIn: z.boolean().default(true),
  logoutAtProvider: z.boolean().default(false),
  secondFactorByAmr: z.boolean().default(false),
  caPem: fields.caPem.default(null),
  clientSecret: z.string().min(1).max(1024).optional(),
});
export const testOidcRequest = z.object({ issuer: fields.issuer, caPem: fields.caPem.default(null) });

/** How people may sign in, for the sign-in page. */
export const signInMethods = z.object({
  oidc: z.object({ name: z.string() }).nullable(),
  /** False: Managers alone sign in with a password. */
  passwordForAll: z.boolean(),
});

/** `returnTo`: an own path; `invitation`: the token of an invitation that is accepted by this. */
export const beginOidcRequest = z.object({
  returnTo: z.string().max(512).default('/'),
  invitation: z.string().max(128).optional(),
});
/** Where the browser goes next. */
export const begunOidc = z.object({ url: z.string() });
export const oidcCodeRequest = z.object({ code: z.string().trim().max(32) });

/** Why a sign-in by the provider came to nothing, in the URL of the sign-in page. `code-needed` and `signed-out` are no refusals. */
export const oidcOutcome = z.enum([
  'code-needed',
  'signed-out',
  'expired',
  'other-browser',
  'not-set-up',
  'cancelled',
  'provider-refused',
  'provider-down',
  'client-refused',
  'code-refused',
  'answer-invalid',
  'login-missing',
  'mail-unverified',
  'mail-domain',
  'unknown-person',
  'login-taken',
  'account-disabled',
  'invitation-other',
  'invitation-invalid',
]);
export type OidcOutcome = z.infer<typeof oidcOutcome>;
/** Name of the query parameter that carries it. */
export const oidcOutcomeParameter = 'oidc';

/** Whether an account is bound to somebody at the provider. */
export const accountIdentity = z.object({ linkedAt: isoDateTime.nullable(), issuer: z.string().nullable() });
