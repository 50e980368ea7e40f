import swagger from '@fastify/swagger';
import { problem } from '@picket/contracts/problem';
import type { FastifyInstance } from 'fastify';
import { jsonSchemaTransform } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { type Access, csrfHeader, sessionCookie } from './authentication.ts';
import { docsPage, docsScript, docsStyle } from './docs-page.ts';

/** OpenAPI 3.1 out of the routes' schemas at `/api/openapi.json`, and a page that shows it at `/api/docs`. */
export async function addOpenApi(app: FastifyInstance, version: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Picket',
        version,
        description:
          'The API of the platform; the web interface uses nothing else. Sign in with POST /api/v1/session, keep the cookie, and send the csrfToken of the answer as x-picket-csrf with every request that changes something. Every refusal is application/problem+json.',
        license: { name: 'Apache-2.0' },
      },
      components: {
        securitySchemes: {
          session: { type: 'apiKey', in: 'cookie', name: sessionCookie },
          csrf: { type: 'apiKey', in: 'header', name: csrfHeader },
        },
      },
    },
    transform: (route) => {
      const { schema, url } = jsonSchemaTransform(route);
      const access: Access = route.route.config?.access ?? 'public';
      const open = access === 'public' || access === 'device' || access === 'optional';
      const unsafe = route.route.method !== 'GET';
      const security = open ? [] : [unsafe ? { session: [], csrf: [] } : { session: [] }];
      const roles = typeof access === 'string' ? [] : [`Roles: ${access.join(', ')}.`];
      const description = [schema.description, ...roles].filter(Boolean).join(' ');
      const response = { ...(isRecord(schema.response) ? schema.response : {}), default: problemResponse };
      return { url, schema: { ...schema, security, response, ...(description === '' ? {} : { description }) } };
    },
  });
  const hidden = { config: { access: 'public' as const }, schema: { hide: true } };
  app.get('/api/openapi.json', hidden, async () => app.swagger());
  app.get('/api/docs', hidden, async (_request, reply) => reply.type('text/html; charset=utf-8').send(docsPage));
  app.get('/api/docs.js', hidden, async (_request, reply) =>
    reply.type('text/javascript; charset=utf-8').send(docsScript),
  );
  app.get('/api/docs.css', hidden, async (_request, reply) => reply.type('text/css; charset=utf-8').send(docsStyle));
}

const { $schema: _dialect, ...problemSchema } = z.toJSONSchema(problem);

const problemResponse = {
  description: 'A refusal (RFC 9457): `code` is stable, `hint` is the way out.',
  content: { 'application/problem+json': { schema: problemSchema } },
};

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
