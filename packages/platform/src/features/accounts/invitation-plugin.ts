import {
  acceptInvitationRequest,
  createInvitationRequest,
  invitation,
  openedInvitation,
  openInvitationRequest,
  sentInvitation,
} from '@picket/contracts/api/invitation';
import { idParams, page, pageQuery } from '@picket/contracts/api/page';
import { signedIn } from '@picket/contracts/api/sign-in';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { peopleReaders, peopleRoles, scopeOf } from '../../server/authentication.ts';
import type { PlatformContext } from '../../server/context.ts';
import { decodeCursor, encodeCursor, pageOf } from '../../server/page-cursor.ts';
import { personMail } from '../../server/person-mail.ts';
import { type FreshSession, type Origin, originOf, setSessionCookie } from '../../server/session-cookie.ts';
import type { Owner } from '../../server/account-maker.ts';
import { acceptInvitation, openInvitation } from './accept-invitation.ts';
import { countInvitations, type InvitationRow, listInvitations } from './invitation-queries.ts';
import { type InvitationParts, invite, inviteAgain, revokeInvitation, type Sent } from './invitation-service.ts';

/** Begins a session for somebody who just made their account. */
export type BeginSession = (
  owner: Owner,
  how: { readonly method: string; readonly origin: Origin },
) => Promise<FreshSession>;

/** Invitations: made and withdrawn by who administers people, accepted by whoever holds the link. */
export function addInvitations(app: FastifyInstance, context: PlatformContext, begin: BeginSession): void {
  const parts = { context, sendMail: personMail(context) };
  addInviting(app, parts);
  addLinks(app, parts);
  addAcceptance(app, context, begin);
}

function shown(row: InvitationRow, now: number): z.output<typeof invitation> {
  const { id, login, name, email, role } = row;
  return {
    id,
    login,
    name,
    email,
    role,
    businessUnitId: row.business_unit_id,
    businessUnitName: row.unit_name,
    assetGroupIds: invitation.shape.assetGroupIds.parse(row.group_ids),
    invitedBy: row.invited_by_login,
    sentAt: row.sent_at.toISOString(),
    expiresAt: row.expires_at.toISOString(),
    expired: row.expires_at.getTime() <= now,
  };
}

const sentAnswer = ({ context }: InvitationParts, { invitation: row, link, mail }: Sent) => ({
  ...shown(row, context.clock.now()),
  link,
  mail,
});

function addInviting(plain: FastifyInstance, parts: InvitationParts): void {
  const app = plain.withTypeProvider<ZodTypeProvider>();
  const { context } = parts;
  const tags = ['accounts'];
  app.get(
    '/api/v1/invitations',
    {
      config: { access: peopleReaders },
      schema: {
        tags,
        summary: 'Invitations that nobody has accepted yet',
        querystring: pageQuery,
        response: { 200: page(invitation) },
      },
    },
    async (request) => {
      const scope = scopeOf(request);
      const { cursor, limit } = request.query;
      const after = decodeCursor('invitation', 1, cursor)?.[0] ?? 0;
      const rows = await listInvitations(scope, context.database.db, Number(after), limit + 1);
      const total = await countInvitations(scope, context.database.db);
      return pageOf(rows, limit, total, {
        item: (row) => shown(row, context.clock.now()),
        cursor: (row) => encodeCursor('invitation', [row.id]),
      });
    },
  );
  app.post(
    '/api/v1/invitations',
    {
      config: { access: peopleRoles, personOnly: true },
      schema: {
        tags,
        summary: 'Invite somebody; the link is in this answer only',
        body: createInvitationRequest,
        response: { 201: sentInvitation },
      },
    },
    async (request, reply) =>
      reply.code(201).send(sentAnswer(parts, await invite(parts, scopeOf(request), request.body, request.ip))),
  );
}

function addLinks(plain: FastifyInstance, parts: InvitationParts): void {
  const app = plain.withTypeProvider<ZodTypeProvider>();
  const tags = ['accounts'];
  const config = { access: peopleRoles, personOnly: true };
  app.post(
    '/api/v1/invitations/:id/resend',
    {
      config,
      schema: { tags, summary: 'A new link in place of the old', params: idParams, response: { 200: sentInvitation } },
    },
    async (request) => sentAnswer(parts, await inviteAgain(parts, scopeOf(request), request.params.id, request.ip)),
  );
  app.delete(
    '/api/v1/invitations/:id',
    { config, schema: { tags, summary: 'Withdraw an invitation', params: idParams, response: { 204: z.null() } } },
    async (request, reply) => {
      await revokeInvitation(parts.context, scopeOf(request), request.params.id, request.ip);
      return reply.code(204).send(null);
    },
  );
}

function addAcceptance(plain: FastifyInstance, context: PlatformContext, begin: BeginSession): void {
  const app = plain.withTypeProvider<ZodTypeProvider>();
  const tags = ['session'];
  const config = { access: 'public' } as const;
  app.post(
    '/api/v1/invitation',
    {
      config,
      schema: {
        tags,
        summary: 'What the link of an invitation is for',
        body: openInvitationRequest,
        response: { 200: openedInvitation },
      },
    },
    (request) => openInvitation(context, request.body.token, request.ip),
  );
  app.post(
    '/api/v1/invitation/accept',
    {
      config,
      schema: {
        tags,
        summary: 'Accept an invitation with a password, and sign in',
        body: acceptInvitationRequest,
        response: { 200: signedIn },
      },
    },
    async (request, reply) => {
      const owner = await acceptInvitation(context, request.body, request.ip);
      setSessionCookie(reply, await begin(owner, { method: 'password', origin: originOf(request) }));
      return { signedIn: true as const };
    },
  );
}
