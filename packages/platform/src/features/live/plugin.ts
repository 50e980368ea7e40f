import { idParams } from '@picket/contracts/api/page';
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { scanSummaries } from '../../jobs/scan-summary.ts';
import { everyRole, scopeOf } from '../../server/authentication.ts';
import type { PlatformContext } from '../../server/context.ts';
import { notFound, refuse } from '../../server/http-error.ts';
import { eventStream } from './event-stream.ts';
import { type LiveFeed, openLiveFeed } from './live-feed.ts';
import { sessionHolds } from './queries.ts';

/** Streams that one account may hold at once on this replica. */
const streamsPerAccount = 20;
const beatMs = 15_000;

/** Event streams: what changes while somebody looks. */
export function livePlugin(context: PlatformContext): FastifyPluginAsync {
  return async (plain) => {
    const app = plain.withTypeProvider<ZodTypeProvider>();
    const config = { access: everyRole };
    const tags = ['live'];
    const open = new Map<number, number>();
    let feed: Promise<LiveFeed> | null = null;
    app.addHook('onClose', async () => {
      await (await feed)?.close();
    });
    const stream = async (request: FastifyRequest, reply: FastifyReply, scanId: number | null) => {
      feed ??= openLiveFeed(context);
      return follow(context, await feed, open, { request, reply, scanId });
    };
    app.get(
      '/api/v1/stream',
      { config, schema: { tags, summary: 'Server-sent events of everything' } },
      (request, reply) => stream(request, reply, null),
    );
    app.get(
      '/api/v1/scans/:id/stream',
      { config, schema: { tags, summary: 'Server-sent events of one map or scan', params: idParams } },
      (request, reply) => stream(request, reply, request.params.id),
    );
  };
}

async function follow(
  context: PlatformContext,
  feed: LiveFeed,
  open: Map<number, number>,
  call: { readonly request: FastifyRequest; readonly reply: FastifyReply; readonly scanId: number | null },
): Promise<FastifyReply> {
  const { request, reply, scanId } = call;
  const scope = scopeOf(request);
  const { db } = context.database;
  const first = scanId === null ? [] : await scanSummaries(scope, db, [scanId], context.clock.now());
  if (scanId !== null && first.length === 0) throw notFound('scan', scanId);
  const held = open.get(scope.accountId) ?? 0;
  if (held >= streamsPerAccount) {
    throw refuse({
      status: 429,
      code: 'live.too-many-streams',
      message: `This account already follows ${held} event streams.`,
      hint: 'Close some pages.',
      retryAfterSeconds: 15,
    });
  }
  open.set(scope.accountId, held + 1);
  const stream = eventStream();
  const wake = { now: new AbortController() };
  const leave = feed.add({ scanId, send: stream.send, checkSession: () => wake.now.abort() });
  const over = new AbortController();
  stream.body.once('close', () => {
    leave();
    over.abort();
    const left = (open.get(scope.accountId) ?? 1) - 1;
    if (left > 0) open.set(scope.accountId, left);
    else open.delete(scope.accountId);
  });
  stream.send(first.map((scan) => ({ type: 'scan', scan })));
  void beat(context, request, { stream, wake }, AbortSignal.any([over.signal, context.closing]));
  return reply.header('x-accel-buffering', 'no').type('text/event-stream').send(stream.body);
}

/** Keeps the stream open while its session holds and the platform runs. `wake.now` aborts: look at the session at once. */
async function beat(
  context: PlatformContext,
  request: FastifyRequest,
  held: { readonly stream: ReturnType<typeof eventStream>; readonly wake: { now: AbortController } },
  over: AbortSignal,
): Promise<void> {
  const { identity } = request;
  const { stream, wake } = held;
  try {
    for (;;) {
      await context.clock.sleep(beatMs, AbortSignal.any([over, wake.now.signal])).catch(() => over.throwIfAborted());
      wake.now = new AbortController();
      const now = new Date(context.clock.now());
      const signedIn = identity !== null && identity.scope.accountId !== 0;
      if (signedIn && !(await sessionHolds(identity.scope, context.database.db, identity.tokenHash, now))) break;
      stream.beat();
    }
  } catch {
    // The reader left, the platform closes, or the database is away: the reader comes back by itself.
  }
  stream.end();
}
