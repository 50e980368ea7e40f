import { describeError } from '@picket/base/error';
import { sql } from 'kysely';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { PlatformContext } from './context.ts';

const deadlineMs = 2000;

/** `/healthz`: 200 when the database answers within two seconds, else 503 with the reason. */
export function addHealth(app: FastifyInstance, context: PlatformContext): void {
  const schema = {
    summary: 'Whether the platform can work',
    tags: ['platform'],
    response: {
      200: z.object({ status: z.literal('ok') }),
      503: z.object({ status: z.literal('unavailable'), reason: z.string() }),
    },
  };
  app.get('/healthz', { config: { access: 'public' }, schema }, async (_request, reply) => {
    const deadline = new AbortController();
    const late = context.clock.sleep(deadlineMs, deadline.signal).then(
      () => 'the database does not answer',
      () => null,
    );
    const asked = sql`select 1`.execute(context.database.db).then(
      () => null,
      (error: unknown) => {
        context.log.write('warning', 'health.database', { message: describeError(error) });
        return 'the database cannot be reached';
      },
    );
    const reason = await Promise.race([asked, late]);
    deadline.abort();
    if (reason === null) return { status: 'ok' as const };
    return reply.code(503).header('retry-after', '5').send({ status: 'unavailable', reason });
  });
}
