import { idParams } from '@picket/contracts/api/page';
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { scanSummaries } from '../../jobs/scan-summary.ts';
import { everyRole, scopeOf } from '../../server/authentication.ts';
import type { AccessScope, PlatformContext } from '../../server/context.ts';
import { notFound, refuse } from '../../server/http-error.ts';
import { eventStream } from './event-stream.ts';
import { type LiveFeed, openLiveFeed } from './live-feed.ts';
import { scopeNow, seesScan, sessionHolds } from './queries.ts';

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
      feed ??= openLiveFeed(context).catch((error: unknown) => {
        // The next reader tries again.
        feed = null;
        throw error;
      });
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
  const count = open.get(scope.accountId) ?? 0;
  if (count >= streamsPerAccount) {
    throw refuse({
      status: 429,
      code: 'live.too-many-streams',
      message: `This account already follows ${count} event streams.`,
      hint: 'Close some pages.',
      retryAfterSeconds: 15,
    });
  }
  open.set(scope.accountId, count + 1);
  const stream = eventStream();
  const held: Held = { stream, scanId, scope, wake: new AbortController() };
  const leave = feed.add({
    scanId,
    viewer: () => held.scope,
    send: stream.send,
    end: stream.end,
    checkSession: () => held.wake.abort(),
  });
  const over = new AbortController();
  stream.body.once('close', () => {
    leave();
    over.abort();
    const left = (open.get(scope.accountId) ?? 1) - 1;
    if (left > 0) open.set(scope.accountId, left);
    else open.delete(scope.accountId);
  });
  stream.send(first.map((scan) => ({ type: 'scan', scan })));
  void beat(context, request, held, AbortSignal.any([over.signal, context.closing]));
  return reply.header('x-accel-buffering', 'no').type('text/event-stream').send(stream.body);
}

/** A stream while it is open. */
interface Held {
  readonly stream: ReturnType<typeof eventStream>;
  readonly scanId: number | null;
  /** What its reader may see: read anew with every beat. */
  scope: AccessScope;
  /** Aborts: look at session and account at once. */
  wake: AbortController;
}

/** Keeps the stream open while its session holds, its account sees what it follows, and the platform runs. */
async function beat(context: PlatformContext, request: FastifyRequest, held: Held, over: AbortSignal): Promise<void> {
  const { identity } = request;
  try {
    for (;;) {
      await context.clock.sleep(beatMs, AbortSignal.any([over, held.wake.signal])).catch(() => over.throwIfAborted());
      held.wake = new AbortController();
      const now = new Date(context.clock.now());
      const signedIn = identity !== null && identity.scope.accountId !== 0;
      if (signedIn && !(await sessionHolds(identity.scope, context.database.db, identity.tokenHash, now))) break;
      if (signedIn && !(await stillSees(context, held))) break;
      held.stream.beat();
    }
  } catch {
    // The reader left, the platform closes, or the database is away: the reader comes back by itself.
  }
  held.stream.end();
}

/** Reads anew what the account may see; false when that is no longer what the stream follows. */
async function stillSees(context: PlatformContext, held: Held): Promise<boolean> {
  const { db } = context.database;
  const scope = await scopeNow(held.scope, db);
  if (!scope) return false;
  held.scope = scope;
  return held.scanId === null || seesScan(scope, db, held.scanId);
}
