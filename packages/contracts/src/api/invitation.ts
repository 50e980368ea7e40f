import { z } from 'zod';
import { id, isoDateTime } from '../primitive.ts';
import { account, createAccountRequest, password } from './session.ts';

/** Days for which the link of an invitation works, unless asked otherwise, and at most. */
export const invitationDays = { usual: 7, longest: 30 } as const;

/** Somebody who was invited and has not accepted yet. The account is made at acceptance. */
export const invitation = account
  .pick({
    login: true,
    name: true,
    email: true,
    role: true,
    businessUnitId: true,
    businessUnitName: true,
    assetGroupIds: true,
  })
  .extend({
    id,
    /** Login of who made the link that works now. */
    invitedBy: z.string(),
    /** When that link was made. */
    sentAt: isoDateTime,
    expiresAt: isoDateTime,
    expired: z.boolean(),
  });
export type Invitation = z.infer<typeof invitation>;

export const createInvitationRequest = createAccountRequest.extend({
  days: z.number().int().min(1).max(invitationDays.longest).default(invitationDays.usual),
});

/** What became of the mail with the link; `failed` comes with a reason. */
export const invitationMail = z.object({
  state: z.enum(['sent', 'failed', 'no-address', 'no-server']),
  detail: z.string().nullable(),
});

/** The link is in the answer once and nowhere else. */
export const sentInvitation = invitation.extend({ link: z.string(), mail: invitationMail });
export type SentInvitation = z.infer<typeof sentInvitation>;

const token = z.string().max(128);
export const openInvitationRequest = z.object({ token });
/** What the holder of a link is told. */
export const openedInvitation = z.object({
  /** Name of who invites. */
  invitedBy: z.string(),
  login: z.string(),
  name: z.string(),
  role: account.shape.role,
  businessUnitName: z.string().nullable(),
  expiresAt: isoDateTime,
});
export type OpenedInvitation = z.infer<typeof openedInvitation>;
export const acceptInvitationRequest = z.object({ token, password });
