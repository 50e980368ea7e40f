import { once } from 'node:events';
import { createServer as createHttpsServer, type Server } from 'node:https';
import cookie from '@fastify/cookie';
import helmet from '@fastify/helmet';
import { describeError } from '@picket/base/error';
import {
  fastify,
  type FastifyInstance,
  type FastifyPluginAsync,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { addAuthentication, type Authenticators, localAdminIdentity } from './authentication.ts';
import type { PlatformContext } from './context.ts';
import { addHealth } from './health.ts';
import { addMetrics } from './metrics.ts';
import { addOpenApi } from './open-api.ts';
import { problemOf } from './problem-of.ts';
import { readAway } from './read-away.ts';
import { requireStorable } from './storable-text.ts';
import { softwareVersion } from './version.ts';
import { addWebFiles } from './web-files.ts';

export interface ServerParts {
  readonly authenticate: Authenticators;
  readonly plugins: readonly FastifyPluginAsync[];
  /** Folder of the built web interface. */
  readonly webDirectory: string;
  /** Null: an app without a socket, for the OpenAPI document. */
  readonly tls: { readonly cert: string; readonly key: string } | null;
}

/** Largest body of an ordinary request, bytes: a target list of a million characters, and room for its JSON. */
const bodyLimit = 2_500_000;
/** Requests of the appliances and of people are given so long to end when the platform closes, milliseconds. */
const closeGraceMs = 1200;

/** The HTTP application with everything but the listening. Features are added in the order given. */
export async function buildServer(context: PlatformContext, parts: ServerParts): Promise<FastifyInstance> {
  const app = newApp(context, parts.tls);
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  // JSON only: a form or plain text that another site's page may send is refused before it is read.
  app.removeContentTypeParser('text/plain');
  addErrors(app, context);
  addRequestLog(app, context);
  app.addHook('preValidation', async ({ params, query, body }) => {
    requireStorable('params', params);
    requireStorable('querystring', query);
    requireStorable('body', body);
  });
  await app.register(cookie);
  await addHeaders(app);
  const origins = () => (context.config.publicUrl === null ? [] : [context.config.publicUrl]);
  addAuthentication(app, parts.authenticate, origins, localAdminIdentity(context.subscriptionId));
  await addOpenApi(app, softwareVersion);
  addHealth(app, context);
  addMetrics(app);
  for (const plugin of parts.plugins) await app.register(plugin);
  await app.register((web) => addWebFiles(web, parts.webDirectory));
  return app;
}

function newApp(context: PlatformContext, tls: ServerParts['tls']): FastifyInstance {
  const options = {
    logger: false,
    bodyLimit,
    genReqId: () => context.random.uuid(),
    trustProxy: context.config.trustedProxies.length > 0 ? [...context.config.trustedProxies] : false,
    routerOptions: { maxParamLength: 256 },
    // Before there is a route, and so without the handler of errors: a path that can't be decoded, a part of it that is too long.
    frameworkErrors: (error: unknown, request: FastifyRequest, reply: FastifyReply) => {
      const { problem } = problemOf(error, request.id);
      void reply.code(problem.status).type('application/problem+json').send(JSON.stringify(problem));
    },
    // Idle keep-alive connections end when the server closes; the rest is ended by `closeServer`.
    forceCloseConnections: 'idle' as const,
  };
  if (tls === null) return fastify(options);
  return fastify({
    ...options,
    serverFactory: (handler): Server => {
      const server = createHttpsServer(
        { ...tls, minVersion: 'TLSv1.2', requestTimeout: 120_000, headersTimeout: 20_000 },
        handler,
      );
      server.maxHeadersCount = 100;
      return server;
    },
  });
}

function addErrors(app: FastifyInstance, context: PlatformContext): void {
  app.setErrorHandler(async (error, request, reply) => {
    const { problem, retryAfterSeconds, ours } = problemOf(error, request.id);
    if (ours) {
      context.log.write(problem.status === 500 ? 'error' : 'warning', 'http.failed', {
        requestId: request.id,
        route: request.routeOptions.url ?? 'none',
        problem: problem.code,
        message: describeError(error),
      });
    }
    if (retryAfterSeconds !== null) reply.header('retry-after', String(retryAfterSeconds));
    if (problem.status === 413) await readAway(request.raw);
    // The serializer of the route would look for a schema of this status; a problem has its own form.
    return reply
      .code(problem.status)
      .type('application/problem+json')
      .serializer((body: unknown) => JSON.stringify(body))
      .send(problem);
  });
}

function addRequestLog(app: FastifyInstance, context: PlatformContext): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
  });
  app.addHook('onResponse', async (request, reply) => {
    context.log.write('debug', 'http.answered', {
      requestId: request.id,
      method: request.method,
      // The pattern, not the path: paths and queries hold what people type.
      route: request.routeOptions.url ?? 'none',
      status: reply.statusCode,
      milliseconds: Math.round(reply.elapsedTime),
    });
  });
}

async function addHeaders(app: FastifyInstance): Promise<void> {
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'"],
        // The web interface's components set style attributes.
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:'],
        fontSrc: ["'self'", 'data:'],
        connectSrc: ["'self'"],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
    // On localhost it would bind every other server of this machine.
    strictTransportSecurity: false,
    referrerPolicy: { policy: 'no-referrer' },
  });
  app.addHook('onRequest', async (request, reply) => {
    if (request.hostname !== 'localhost') reply.header('strict-transport-security', 'max-age=31536000');
    if (request.url.startsWith('/api/')) reply.header('cache-control', 'no-store');
  });
}

/** Stops taking connections, lets requests end for a moment, then ends what is left. */
export async function closeServer(app: FastifyInstance): Promise<void> {
  const { server } = app;
  const closed = app.close();
  const ended = server.listening ? once(server, 'close') : Promise.resolve();
  const force = setTimeout(() => server.closeAllConnections(), closeGraceMs);
  await Promise.all([closed, ended]);
  clearTimeout(force);
}
