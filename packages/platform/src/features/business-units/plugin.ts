import { idParams, page, pageQuery } from '@picket/contracts/api/page';
import { businessUnit, businessUnitRequest } from '@picket/contracts/api/people';
import type { FastifyPluginAsync } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { everyRole, managerOnly, scopeOf } from '../../server/authentication.ts';
import type { PlatformContext } from '../../server/context.ts';
import { decodeCursor, encodeCursor, pageOf } from '../../server/page-cursor.ts';
import { countUnits, listUnits } from './unit-queries.ts';
import { readUnit, removeUnit, saveUnit } from './unit-service.ts';

/** Parts of the organisation with people and asset groups of their own. Managers alone make them. */
export function businessUnitsPlugin(context: PlatformContext): FastifyPluginAsync {
  return async (plain) => {
    const app = plain.withTypeProvider<ZodTypeProvider>();
    const tags = ['people'];
    const read = { access: everyRole };
    const write = { access: managerOnly };
    const params = idParams;
    const url = '/api/v1/business-units';
    const response = { 200: businessUnit };

    app.get(
      url,
      {
        config: read,
        schema: {
          tags,
          summary: 'List business units',
          querystring: pageQuery,
          response: { 200: page(businessUnit) },
        },
      },
      async (request) => {
        const scope = scopeOf(request);
        const { cursor, limit } = request.query;
        const { db } = context.database;
        const after = Number(decodeCursor('business-unit', 1, cursor)?.[0] ?? 0);
        return pageOf(await listUnits(scope, db, after, limit + 1), limit, await countUnits(scope, db), {
          item: (row) => row,
          cursor: (row) => encodeCursor('business-unit', [row.id]),
        });
      },
    );
    app.get(
      `${url}/:id`,
      { config: read, schema: { tags, summary: 'One business unit', params, response } },
      (request) => readUnit(context, scopeOf(request), request.params.id),
    );
    app.post(
      url,
      {
        config: write,
        schema: { tags, summary: 'Make a business unit', body: businessUnitRequest, response: { 201: businessUnit } },
      },
      async (request, reply) => {
        const target = { id: null, address: request.ip };
        return reply.code(201).send(await saveUnit(context, scopeOf(request), target, request.body));
      },
    );
    app.put(
      `${url}/:id`,
      {
        config: write,
        schema: { tags, summary: 'Change a business unit', params, body: businessUnitRequest, response },
      },
      (request) => saveUnit(context, scopeOf(request), { id: request.params.id, address: request.ip }, request.body),
    );
    app.delete(
      `${url}/:id`,
      {
        config: write,
        schema: {
          tags,
          summary: 'Delete a business unit without people and asset groups',
          params,
          response: { 204: z.null() },
        },
      },
      async (request, reply) => {
        await removeUnit(context, scopeOf(request), request.params.id, request.ip);
        return reply.code(204).send(null);
      },
    );
  };
}
