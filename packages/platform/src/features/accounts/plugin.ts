import { idParams, page, pageQuery } from '@picket/contracts/api/page';
import { account, createAccountRequest, createdAccount, updateAccountRequest } from '@picket/contracts/api/session';
import type { FastifyPluginAsync } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { peopleReaders, peopleRoles, scopeOf } from '../../server/authentication.ts';
import type { PlatformContext } from '../../server/context.ts';
import { decodeCursor, encodeCursor, pageOf } from '../../server/page-cursor.ts';
import { type AccountRow, countKnownAccounts, listAccounts } from './account-queries.ts';
import { addInvitations, type BeginSession } from './invitation-plugin.ts';
import { changeAccount, createAccount, removeAccount, resetPassword } from './account-service.ts';

function shown(row: AccountRow): z.output<typeof account> {
  const { id, login, name, email, role, disabled } = row;
  return {
    id,
    login,
    name,
    email,
    role,
    disabled,
    businessUnitId: row.business_unit_id,
    businessUnitName: row.unit_name,
    assetGroupIds: account.shape.assetGroupIds.parse(row.group_ids),
    createdAt: row.created_at.toISOString(),
    lastSignInAt: row.last_sign_in_at?.toISOString() ?? null,
  };
}

/** Accounts and invitations, by Managers and, those of their unit, by Unit Managers. */
export function accountsPlugin(context: PlatformContext, begin: BeginSession): FastifyPluginAsync {
  return async (plain) => {
    addInvitations(plain, context, begin);
    const app = plain.withTypeProvider<ZodTypeProvider>();
    const tags = ['accounts'];
    const config = { access: peopleRoles };
    // Who makes accounts and passwords can become anybody: never a token.
    const people = { ...config, personOnly: true };

    app.get(
      '/api/v1/accounts',
      {
        config: { access: peopleReaders },
        schema: { tags, summary: 'List accounts', querystring: pageQuery, response: { 200: page(account) } },
      },
      async (request) => {
        const scope = scopeOf(request);
        const { cursor, limit } = request.query;
        const after = decodeCursor('account', 1, cursor)?.[0] ?? 0;
        const rows = await listAccounts(scope, context.database.db, Number(after), limit + 1);
        const total = await countKnownAccounts(scope, context.database.db);
        return pageOf(rows, limit, total, { item: shown, cursor: (row) => encodeCursor('account', [row.id]) });
      },
    );
    app.post(
      '/api/v1/accounts',
      {
        config: people,
        schema: { tags, summary: 'Create an account', body: createAccountRequest, response: { 201: createdAccount } },
      },
      async (request, reply) => {
        const created = await createAccount(context, scopeOf(request), request.body, request.ip);
        return reply.code(201).send({ ...shown(created.account), oneTimePassword: created.oneTimePassword });
      },
    );
    app.patch(
      '/api/v1/accounts/:id',
      {
        config: people,
        schema: {
          tags,
          summary: 'Change an account',
          params: idParams,
          body: updateAccountRequest,
          response: { 200: account },
        },
      },
      async (request) => {
        const { params, body, ip } = request;
        return shown(await changeAccount(context, scopeOf(request), { id: params.id, request: body, address: ip }));
      },
    );
    app.delete(
      '/api/v1/accounts/:id',
      { config: people, schema: { tags, summary: 'Delete an account', params: idParams, response: { 204: z.null() } } },
      async (request, reply) => {
        await removeAccount(context, scopeOf(request), request.params.id, request.ip);
        return reply.code(204).send(null);
      },
    );
    app.post(
      '/api/v1/accounts/:id/password',
      {
        config: people,
        schema: { tags, summary: 'Make a new one-time password', params: idParams, response: { 200: createdAccount } },
      },
      async (request) => {
        const changed = await resetPassword(context, scopeOf(request), request.params.id, request.ip);
        return { ...shown(changed.account), oneTimePassword: changed.oneTimePassword };
      },
    );
  };
}
