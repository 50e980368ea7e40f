import { planQuery } from '@picket/contracts/api/plan-outlook';
import { idParams, page } from '@picket/contracts/api/page';
import { listScansQuery, planPreview, scanDetail, scanRequest, scanSummary } from '@picket/contracts/api/scan';
import type { FastifyPluginAsync } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { everyRole, scanningRoles, scopeOf } from '../../server/authentication.ts';
import type { PlatformContext } from '../../server/context.ts';
import { systemResolver } from '../../jobs/adapters/system-resolver.ts';
import { previewPlan } from './planning.ts';
import type { NameResolver } from '../../jobs/name-resolver.ts';
import { actOnScan, launchScan, readDetail, removeScan, scanPage } from './service.ts';

/** A launch as a person would do it, for schedules. */
export function scanLauncher(context: PlatformContext, resolver: NameResolver = systemResolver) {
  return (...[scope, request, from]: LaunchArguments) => launchScan({ context, resolver }, scope, request, from);
}

type LaunchArguments = Parameters<typeof launchScan> extends [unknown, ...infer Rest] ? Rest : never;

/** Maps and scans: plan, launch, look, steer. */
export function scansPlugin(context: PlatformContext, resolver: NameResolver = systemResolver): FastifyPluginAsync {
  const deps = { context, resolver };
  return async (plain) => {
    const app = plain.withTypeProvider<ZodTypeProvider>();
    const tags = ['scans'];
    const read = { access: everyRole };
    const write = { access: scanningRoles };
    const { closing } = context;

    app.post(
      '/api/v1/plans',
      {
        config: write,
        schema: {
          tags,
          summary: 'Preview the plan of a map or scan',
          querystring: planQuery,
          body: scanRequest,
          response: { 200: planPreview },
        },
      },
      (request) =>
        previewPlan(deps, scopeOf(request), request.body, { signal: closing, startsAt: request.query.startsAt }),
    );
    app.post(
      '/api/v1/scans',
      {
        config: write,
        schema: { tags, summary: 'Launch a map or scan', body: scanRequest, response: { 201: scanSummary } },
      },
      async (request, reply) => {
        const from = { address: request.ip, signal: closing };
        return reply.code(201).send(await launchScan(deps, scopeOf(request), request.body, from));
      },
    );
    app.get(
      '/api/v1/scans',
      {
        config: read,
        schema: {
          tags,
          summary: 'List maps and scans, newest first',
          querystring: listScansQuery,
          response: { 200: page(scanSummary) },
        },
      },
      (request) => scanPage(context, scopeOf(request), request.query),
    );
    app.get(
      '/api/v1/scans/:id',
      { config: read, schema: { tags, summary: 'One map or scan', params: idParams, response: { 200: scanDetail } } },
      (request) => readDetail(context, scopeOf(request), request.params.id),
    );
    for (const action of ['pause', 'resume', 'cancel'] as const) {
      app.post(
        `/api/v1/scans/:id/${action}`,
        {
          config: write,
          schema: {
            tags,
            summary: `${action[0]?.toUpperCase()}${action.slice(1)} a map or scan`,
            params: idParams,
            response: { 200: scanSummary },
          },
        },
        (request) => actOnScan(context, scopeOf(request), request.params.id, action, request.ip),
      );
    }
    app.delete(
      '/api/v1/scans/:id',
      {
        config: write,
        schema: { tags, summary: 'Delete an ended map or scan', params: idParams, response: { 204: z.null() } },
      },
      async (request, reply) => {
        await removeScan(context, scopeOf(request), request.params.id, request.ip);
        return reply.code(204).send(null);
      },
    );
  };
}
