import { join } from 'node:path';
import { Readable } from 'node:stream';
import { idParams, page } from '@picket/contracts/api/page';
import {
  applianceUpdates,
  listReleasesQuery,
  makeCurrentRequest,
  publishQuery,
  release,
  updateScheduleRequest,
} from '@picket/contracts/api/release';
import { appliancePaths } from '@picket/contracts/protocol';
import { releaseLimits } from '@picket/contracts/release/release-manifest';
import type { FastifyPluginAsync, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { addSignedRoute } from '../../appliance-protocol/signed-route.ts';
import { applianceRoles, everyRole, managerOnly, scopeOf } from '../../server/authentication.ts';
import type { PlatformContext } from '../../server/context.ts';
import { refuse } from '../../server/http-error.ts';
import { bundleFiles } from './adapters/bundle-files.ts';
import { readUpdates, setSchedule, updateNow } from './appliance-updates.ts';
import { handOut } from './hand-out.ts';
import { makeCurrent, publish, releasePage, type ReleaseDeps, withdraw } from './service.ts';

/** Names of the body's fields and a range: far below this. */
const rangeBodyLimit = 1024;

/** Signed bundles that appliances install, and where each appliance stands with them. */
export function releasesPlugin(context: PlatformContext): FastifyPluginAsync {
  const deps = { context, files: bundleFiles(join(context.config.dataDirectory, 'releases')) };
  return async (plain) => {
    await plain.register(releaseRoutes(deps));
    await plain.register(applianceRoutes(context));
    addSignedRoute(plain, context, {
      url: appliancePaths.bundle,
      bodyLimit: rangeBodyLimit,
      handle: (call) => handOut(deps, call),
    });
  };
}

function releaseRoutes(deps: ReleaseDeps): FastifyPluginAsync {
  return async (plain) => {
    const app = plain.withTypeProvider<ZodTypeProvider>();
    const tags = ['releases'];
    const params = idParams;
    const write = { access: managerOnly };
    // A bundle is taken in as it comes: it may be larger than the memory.
    app.addContentTypeParser('application/octet-stream', (_request, payload, done) => done(null, payload));
    app.get(
      '/api/v1/releases',
      {
        config: { access: everyRole },
        schema: {
          tags,
          summary: 'List releases, newest first',
          querystring: listReleasesQuery,
          response: { 200: page(release) },
        },
      },
      (request) => releasePage(deps, scopeOf(request), request.query),
    );
    app.post(
      '/api/v1/releases',
      {
        config: write,
        bodyLimit: releaseLimits.bundleBytes + 2 * releaseLimits.manifestBytes,
        schema: {
          tags,
          summary: 'Publish a bundle: the body is the file, `application/octet-stream`',
          querystring: publishQuery,
          response: { 201: release },
        },
      },
      async (request, reply) => {
        const options = { rollback: request.query.rollback === 'true', address: request.ip };
        return reply.code(201).send(await publish(deps, scopeOf(request), bodyOf(request), options));
      },
    );
    app.post(
      '/api/v1/releases/:id/current',
      {
        config: write,
        schema: {
          tags,
          summary: 'Make a release what appliances should have',
          params,
          body: makeCurrentRequest,
          response: { 200: release },
        },
      },
      (request) =>
        makeCurrent(deps, scopeOf(request), request.params.id, {
          rollback: request.body.rollback,
          address: request.ip,
        }),
    );
    app.delete(
      '/api/v1/releases/:id',
      { config: write, schema: { tags, summary: 'Withdraw a release', params, response: { 204: z.null() } } },
      async (request, reply) => {
        await withdraw(deps, scopeOf(request), request.params.id, request.ip);
        return reply.code(204).send(null);
      },
    );
  };
}

function applianceRoutes(context: PlatformContext): FastifyPluginAsync {
  return async (plain) => {
    const app = plain.withTypeProvider<ZodTypeProvider>();
    const tags = ['appliances'];
    const params = idParams;
    const response = { 200: applianceUpdates };
    app.get(
      '/api/v1/appliances/:id/updates',
      {
        config: { access: everyRole },
        schema: { tags, summary: 'Versions and updates of an appliance', params, response },
      },
      (request) => readUpdates(context, scopeOf(request), request.params.id),
    );
    app.post(
      '/api/v1/appliances/:id/update-now',
      {
        config: { access: applianceRoles },
        schema: { tags, summary: 'Update an appliance now', params, response },
      },
      (request) => updateNow(context, scopeOf(request), request.params.id, request.ip),
    );
    app.put(
      '/api/v1/appliances/:id/update-schedule',
      {
        config: { access: applianceRoles },
        schema: { tags, summary: 'Set when an appliance updates', params, body: updateScheduleRequest, response },
      },
      (request) =>
        setSchedule(context, scopeOf(request), request.params.id, { at: request.body.at, address: request.ip }),
    );
  };
}

/** The bundle's bytes as they come in. */
function bodyOf(request: FastifyRequest): AsyncIterable<Uint8Array> {
  if (request.body instanceof Readable) return request.body;
  throw refuse({
    status: 415,
    code: 'release.no-bundle',
    message: 'The request holds no bundle.',
    hint: 'Send the file as the body, with content-type application/octet-stream.',
  });
}
