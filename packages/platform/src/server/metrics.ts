import type { FastifyInstance } from 'fastify';
import { collectDefaultMetrics, Counter, Histogram, Registry } from 'prom-client';
import { managerOnly } from './authentication.ts';
import { refuse } from './http-error.ts';

/** Prometheus figures of this process. Labels are route patterns, never addresses, names or what somebody typed. */
export function addMetrics(app: FastifyInstance): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: 'picket_' });
  const labelNames = ['method', 'route', 'status'] as const;
  const requests = new Counter({
    name: 'picket_http_requests_total',
    help: 'Answered requests.',
    labelNames,
    registers: [registry],
  });
  const seconds = new Histogram({
    name: 'picket_http_request_seconds',
    help: 'Time to answer, long-polls and streams included.',
    labelNames,
    buckets: [0.005, 0.025, 0.1, 0.5, 2, 10, 60],
    registers: [registry],
  });
  app.addHook('onResponse', async (request, reply) => {
    const labels = {
      method: request.method,
      route: request.routeOptions.url ?? 'none',
      status: String(reply.statusCode),
    };
    requests.inc(labels);
    seconds.observe(labels, reply.elapsedTime / 1000);
  });
  const send = async () => registry.metrics();
  app.get('/metrics', { config: { access: 'public' }, schema: { hide: true } }, async (request, reply) => {
    // Behind a proxy everybody seems to come from this machine.
    const proxied = request.headers['x-forwarded-for'] !== undefined || request.headers.forwarded !== undefined;
    if (proxied || !isLoopback(request.socket.remoteAddress)) {
      throw refuse({
        status: 403,
        code: 'metrics.loopback-only',
        message: 'Without a session /metrics answers only on this machine.',
        hint: 'Scrape it from the platform’s own machine, or as a Manager under /api/v1/metrics.',
      });
    }
    return reply.type(registry.contentType).send(await send());
  });
  app.get('/api/v1/metrics', { config: { access: managerOnly }, schema: { hide: true } }, async (_request, reply) =>
    reply.type(registry.contentType).send(await send()),
  );
  return registry;
}

function isLoopback(address: string | undefined): boolean {
  return address === '::1' || /^(::ffff:)?127\./.test(address ?? '');
}
