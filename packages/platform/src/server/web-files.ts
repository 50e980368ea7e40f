import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { refuse } from './http-error.ts';

/** The built web interface of this checkout. */
export const shippedWebDirectory = join(import.meta.dirname, '../../../web/dist');

const notBuilt = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Picket</title>
<h1>Picket</h1><p>The platform runs, but its web interface has not been built. Build it with <code>npm start</code>, or look at the <a href="/api/docs">API</a>.</p></html>`;

/** Files of the web interface; every other path that a browser navigates to gets its start page (its routes are its own). */
export async function addWebFiles(app: FastifyInstance, directory: string): Promise<void> {
  const built = existsSync(join(directory, 'index.html'));
  if (built) {
    await app.register(fastifyStatic, {
      root: directory,
      wildcard: false,
      setHeaders: (response, path) => {
        // Built assets carry a hash in their names; the start page names the newest ones.
        const lasting = path.includes('/assets/');
        response.header('cache-control', lasting ? 'public, max-age=31536000, immutable' : 'no-cache');
      },
    });
  }
  app.setNotFoundHandler(async (request: FastifyRequest, reply: FastifyReply) => {
    const path = request.url.split('?')[0] ?? '';
    const page = request.method === 'GET' && (request.headers.accept ?? '').includes('text/html');
    if (page && !/^\/(api|appliance|metrics|healthz)(\/|$)/.test(path)) {
      reply.header('cache-control', 'no-cache');
      return built ? reply.sendFile('index.html') : reply.code(503).type('text/html').send(notBuilt);
    }
    throw refuse({
      status: 404,
      code: 'request.not-found',
      message: `There is nothing at ${request.method} ${path.slice(0, 200)}.`,
      hint: 'Look at /api/docs for the paths that exist.',
    });
  });
}
