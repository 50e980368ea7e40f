import { idParams, page, pageQuery } from '@picket/contracts/api/page';
import { timeWindow, timeWindowRequest } from '@picket/contracts/api/time-window';
import type { FastifyPluginAsync } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { everyRole, managerOnly, scopeOf } from '../../server/authentication.ts';
import type { PlatformContext } from '../../server/context.ts';
import { readWindow, removeWindow, saveWindow, windowPage } from './window-service.ts';

/** Named windows: when jobs that name them may scan, and when nothing does. Managers alone decide. */
export function windowsPlugin(context: PlatformContext): FastifyPluginAsync {
  return async (plain) => {
    const app = plain.withTypeProvider<ZodTypeProvider>();
    const tags = ['windows'];
    const read = { access: everyRole };
    const write = { access: managerOnly };

    app.get(
      '/api/v1/windows',
      {
        config: read,
        schema: { tags, summary: 'List windows', querystring: pageQuery, response: { 200: page(timeWindow) } },
      },
      (request) => windowPage(context, scopeOf(request), request.query),
    );
    app.get(
      '/api/v1/windows/:id',
      { config: read, schema: { tags, summary: 'One window', params: idParams, response: { 200: timeWindow } } },
      (request) => readWindow(context, scopeOf(request), request.params.id),
    );
    app.post(
      '/api/v1/windows',
      {
        config: write,
        schema: { tags, summary: 'Make a window', body: timeWindowRequest, response: { 201: timeWindow } },
      },
      async (request, reply) => {
        const target = { id: null, address: request.ip };
        return reply.code(201).send(await saveWindow(context, scopeOf(request), target, request.body));
      },
    );
    app.put(
      '/api/v1/windows/:id',
      {
        config: write,
        schema: {
          tags,
          summary: 'Replace a window',
          params: idParams,
          body: timeWindowRequest,
          response: { 200: timeWindow },
        },
      },
      (request) => saveWindow(context, scopeOf(request), { id: request.params.id, address: request.ip }, request.body),
    );
    app.delete(
      '/api/v1/windows/:id',
      {
        config: write,
        schema: { tags, summary: 'Delete a window', params: idParams, response: { 204: z.null() } },
      },
      async (request, reply) => {
        await removeWindow(context, scopeOf(request), request.params.id, request.ip);
        return reply.code(204).send(null);
      },
    );
  };
}
