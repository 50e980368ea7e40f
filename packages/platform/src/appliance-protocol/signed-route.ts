import '@fastify/swagger';
import { describeError } from '@picket/base/error';
import { signAnswer } from '@picket/contracts/http-signature';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { PlatformContext } from '../server/context.ts';
import { problemOf } from '../server/problem-of.ts';
import { nodeCrypto } from '@picket/base/adapters/ed25519';
import { headerOf } from './signed-request.ts';

/** What a protocol route works on. */
export interface SignedCall {
  readonly request: FastifyRequest;
  /** The body as it came, still compressed if it was. */
  readonly body: Uint8Array;
  /** Aborts when the other side hangs up or the platform closes. */
  readonly signal: AbortSignal;
}

export interface SignedRoute {
  readonly url: string;
  /** Largest body, bytes. */
  readonly bodyLimit: number;
  /** Answers, or throws what `refuse` makes. */
  handle(call: SignedCall): Promise<SignedReply>;
}

export interface SignedReply {
  readonly status: number;
  /** Becomes the JSON body; bytes go out as they are. */
  readonly body: unknown;
}

const encoder = new TextEncoder();

/**
 * Registers a POST route of the appliance protocol in an encapsulated plugin: raw body in, signed JSON or bytes out. Refusals are
 * signed as well, because an appliance obeys only what the platform itself says.
 */
export function addSignedRoute(app: FastifyInstance, context: PlatformContext, route: SignedRoute): void {
  app.register(async (scoped) => {
    scoped.removeAllContentTypeParsers();
    scoped.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: route.bodyLimit }, (_request, body, done) =>
      done(null, body),
    );
    scoped.setErrorHandler<FastifyError>((error, request, reply) => refuse(context, request, reply, error));
    scoped.route({
      method: 'POST',
      url: route.url,
      bodyLimit: route.bodyLimit,
      config: { access: 'device' },
      schema: { hide: true },
      handler: async (request, reply) => {
        const body = Buffer.isBuffer(request.body) ? new Uint8Array(request.body) : new Uint8Array();
        const answer = await route.handle({ request, body, signal: callSignal(context, reply) });
        return send(context, request, reply, answer);
      },
    });
  });
}

function callSignal(context: PlatformContext, reply: FastifyReply): AbortSignal {
  const hungUp = new AbortController();
  reply.raw.once('close', () => {
    if (!reply.raw.writableEnded) hungUp.abort(new Error('the other side hung up'));
  });
  return AbortSignal.any([hungUp.signal, context.closing]);
}

function refuse(context: PlatformContext, request: FastifyRequest, reply: FastifyReply, error: unknown): FastifyReply {
  const { problem, retryAfterSeconds, ours } = problemOf(error, request.id);
  if (ours) {
    const fields = { code: problem.code, message: describeError(error), requestId: request.id };
    context.log.write('error', 'appliance.request-failed', fields);
  }
  if (retryAfterSeconds !== null) reply.header('retry-after', String(retryAfterSeconds));
  return send(context, request, reply, { status: problem.status, body: problem });
}

function send(
  context: PlatformContext,
  request: FastifyRequest,
  reply: FastifyReply,
  answer: SignedReply,
): FastifyReply {
  const { status } = answer;
  const raw = answer.body instanceof Uint8Array;
  const body = answer.body instanceof Uint8Array ? answer.body : encoder.encode(JSON.stringify(answer.body));
  const requestSignature = headerOf(request, 'signature');
  if (requestSignature !== undefined) {
    const params = { created: Math.floor(context.clock.now() / 1000), keyId: context.keys.platform.keyId };
    const sign = (bytes: Uint8Array) => context.keys.platform.sign(bytes);
    reply.headers(signAnswer({ status, body }, requestSignature, params, sign, nodeCrypto));
  }
  return reply
    .code(status)
    .header('cache-control', 'no-store')
    .type(raw ? 'application/octet-stream' : status >= 400 ? 'application/problem+json' : 'application/json')
    .send(Buffer.from(body));
}
