import { z } from 'zod';
import { features } from './feature.ts';
import { id, isoDateTime } from '../primitive.ts';

export const role = z.enum(['manager', 'auditor', 'unit-manager', 'scanner', 'reader']);
export type Role = z.infer<typeof role>;

export const login = z
  .string()
  .trim()
  .min(1)
  .max(64)
  .regex(/^[A-Za-z0-9._@-]+$/, { message: 'may hold letters, digits and . _ @ -' });
export const password = z.string().min(12, { message: 'must have at least 12 characters' }).max(256);

export const sessionUser = z.object({
  id,
  login: z.string(),
  name: z.string(),
  role,
  passwordChangeNeeded: z.boolean(),
  termsAccepted: z.boolean(),
  /** Everybody has to have a second factor, and this session was begun without one. */
  secondFactorNeeded: z.boolean(),
  /** How much of the subscription the account sees: by its role or the group All, by its asset groups, or nothing for want of one. */
  sees: z.enum(['everything', 'groups', 'nothing']),
  businessUnitId: id.nullable(),
  /** False: the account signs in by the identity provider, and nobody knows a password of it. */
  hasPassword: z.boolean(),
});

/** What the interface needs before anything else. `user` is null when nobody is signed in. */
export const sessionState = z.object({
  user: sessionUser.nullable(),
  /** Send it as `x-picket-csrf` with every request that changes something. */
  csrfToken: z.string().nullable(),
  setup: z.object({
    /** A Manager has been through the first-run wizard. */
    complete: z.boolean(),
    networks: z.number().int(),
    appliances: z.number().int(),
  }),
  /** What the subscription has; nobody who is not signed in is told of any. */
  features,
  termsVersion: z.string(),
  version: z.string(),
});
export type SessionState = z.infer<typeof sessionState>;

/** After signing out. `signOutUrl`: where the browser goes to be signed out at the identity provider too; null: nowhere. */
export const signedOut = sessionState.extend({ signOutUrl: z.url({ protocol: /^https?$/ }).nullable() });

export const signInRequest = z.object({
  login: z.string().max(64),
  password: z.string().max(256),
  /** Of the authenticator app, or a recovery code: once the platform has answered `session.code-needed`. */
  code: z.string().trim().max(32).optional(),
});
export const acceptTermsRequest = z.object({ version: z.string().max(32) });
export const changePasswordRequest = z.object({ current: z.string().max(256), next: password });
export const terms = z.object({ version: z.string(), text: z.string() });

export const account = z.object({
  id,
  login: z.string(),
  name: z.string(),
  email: z.string().nullable(),
  role,
  disabled: z.boolean(),
  /** Managers and Auditors have none. */
  businessUnitId: id.nullable(),
  businessUnitName: z.string().nullable(),
  /** Asset groups that were given to the account. A Unit Manager also sees those of the unit; Managers and Auditors need none. */
  assetGroupIds: z.array(id),
  createdAt: isoDateTime,
  lastSignInAt: isoDateTime.nullable(),
});
export const createAccountRequest = z.object({
  login,
  name: z.string().trim().min(1).max(128),
  email: z.email().max(254).optional(),
  role,
  businessUnitId: id.nullable().default(null),
  assetGroupIds: z.array(id).max(1000).default([]),
});
/** The one-time password is in the answer once and nowhere else. */
export const createdAccount = account.extend({ oneTimePassword: z.string() });
export const updateAccountRequest = z
  .object({
    name: z.string().trim().min(1).max(128),
    email: z.email().max(254).nullable(),
    role,
    disabled: z.boolean(),
    businessUnitId: id.nullable(),
    assetGroupIds: z.array(id).max(1000),
  })
  .partial();

export const auditEntry = z.object({
  id,
  at: isoDateTime,
  /** Login of who did it, or `appliance:<id>`, or `system`. */
  actor: z.string(),
  /** Dotted and stable, e.g. `scan.launch`. */
  action: z.string(),
  /** What it was done to, e.g. `scan:12`. */
  subject: z.string(),
  detail: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  address: z.string().nullable(),
});
