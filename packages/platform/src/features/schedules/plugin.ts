import { idParams, page, pageQuery } from '@picket/contracts/api/page';
import {
  listRunsQuery,
  schedule,
  schedulePreview,
  schedulePreviewRequest,
  scheduleRequest,
  scheduleRun,
} from '@picket/contracts/api/schedule';
import type { FastifyPluginAsync } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { everyRole, scanningRoles, scopeOf } from '../../server/authentication.ts';
import type { PlatformContext } from '../../server/context.ts';
import { type LaunchScan, runScheduler } from './scheduler.ts';
import {
  previewSchedule,
  readSchedule,
  removeSchedule,
  runNow,
  runPage,
  saveSchedule,
  schedulePage,
} from './schedule-service.ts';

/** Schedules of maps and scans, and the scheduler that launches them. */
export function schedulesPlugin(context: PlatformContext, launch: LaunchScan): FastifyPluginAsync {
  const deps = { context, launch };
  return async (plain) => {
    const app = plain.withTypeProvider<ZodTypeProvider>();
    const tags = ['schedules'];
    const read = { access: everyRole };
    const write = { access: scanningRoles };
    let scheduler: Promise<void> = Promise.resolve();
    app.addHook('onListen', async () => {
      scheduler = runScheduler(deps);
    });
    app.addHook('onClose', async () => {
      await scheduler;
    });

    app.get(
      '/api/v1/schedules',
      {
        config: read,
        schema: { tags, summary: 'List schedules', querystring: pageQuery, response: { 200: page(schedule) } },
      },
      (request) => schedulePage(context, scopeOf(request), request.query),
    );
    app.get(
      '/api/v1/schedules/:id',
      { config: read, schema: { tags, summary: 'One schedule', params: idParams, response: { 200: schedule } } },
      (request) => readSchedule(context, scopeOf(request), request.params.id),
    );
    app.get(
      '/api/v1/schedules/:id/runs',
      {
        config: read,
        schema: {
          tags,
          summary: 'Runs of a schedule, newest first',
          params: idParams,
          querystring: listRunsQuery,
          response: { 200: page(scheduleRun) },
        },
      },
      (request) => runPage(context, scopeOf(request), request.params.id, request.query),
    );
    app.post(
      '/api/v1/schedules/preview',
      {
        config: write,
        schema: {
          tags,
          summary: 'Next runs of a schedule or of an RRULE',
          body: schedulePreviewRequest,
          response: { 200: schedulePreview },
        },
      },
      async (request) => previewSchedule(context, request.body),
    );
    app.post(
      '/api/v1/schedules',
      {
        config: write,
        schema: { tags, summary: 'Make a schedule', body: scheduleRequest, response: { 201: schedule } },
      },
      async (request, reply) => {
        const target = { id: null, address: request.ip };
        return reply.code(201).send(await saveSchedule(context, scopeOf(request), target, request.body));
      },
    );
    app.put(
      '/api/v1/schedules/:id',
      {
        config: write,
        schema: {
          tags,
          summary: 'Replace a schedule',
          params: idParams,
          body: scheduleRequest,
          response: { 200: schedule },
        },
      },
      (request) =>
        saveSchedule(context, scopeOf(request), { id: request.params.id, address: request.ip }, request.body),
    );
    app.post(
      '/api/v1/schedules/:id/run',
      {
        config: write,
        schema: { tags, summary: 'Run a schedule now', params: idParams, response: { 200: scheduleRun } },
      },
      (request) => runNow(deps, scopeOf(request), request.params.id, request.ip),
    );
    app.delete(
      '/api/v1/schedules/:id',
      {
        config: write,
        schema: { tags, summary: 'Delete a schedule; its jobs stay', params: idParams, response: { 204: z.null() } },
      },
      async (request, reply) => {
        await removeSchedule(context, scopeOf(request), request.params.id, request.ip);
        return reply.code(204).send(null);
      },
    );
  };
}
