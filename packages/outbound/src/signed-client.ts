import type { Clock } from '@picket/base/clock';
import { err, ok, type Result } from '@picket/base/result';
import {
  type SignatureCrypto,
  type Signer,
  signRequest,
  type Verifier,
  verifyAnswer,
} from '@picket/contracts/http-signature';
import { type Problem, problem } from '@picket/contracts/problem';
import { applianceProblems, protocolHeaders, protocolLevel } from '@picket/contracts/protocol';
import { type OutboundFailure, plainFailure } from './failure.ts';
import type { HttpAnswer, HttpClient } from './http-client.ts';
import { originOf } from './origin.ts';

/** Who signs and whose answers are believed. */
export interface SigningIdentity {
  readonly keyId: string;
  readonly sign: Signer;
  /** Null before enrolment, when the platform's key is not known: then TLS alone vouches for the answer. */
  readonly verifyPlatform: Verifier | null;
}

export interface SignedRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** Without `?`. */
  readonly query?: string;
  readonly contentType: string;
  /** `gzip` when the body is compressed; the signature covers the bytes on the wire. */
  readonly contentEncoding?: string;
  readonly body: Uint8Array;
  readonly deadlineMs: number;
  readonly maxAnswerBytes: number;
  readonly signal?: AbortSignal;
}

export interface SignedAnswer {
  readonly status: number;
  readonly body: Uint8Array;
  /** The parsed refusal of a status from 400 on, if the body is one. */
  readonly problem: Problem | null;
  /** False only before enrolment, and for refusals without a signature: those are hearsay and must not be obeyed. */
  readonly verified: boolean;
  readonly localAddress: string | null;
}

export interface SignedClient {
  /** One signed exchange. Every attempt, retries included, has a sequence number of its own. */
  send(request: SignedRequest): Promise<Result<SignedAnswer, OutboundFailure>>;
  readonly instance: string;
}

export interface SignedClientDeps {
  readonly http: HttpClient;
  readonly identity: SigningIdentity;
  readonly clock: Clock;
  readonly crypto: SignatureCrypto;
  /** Hands out instance and sequence; shared by all clients of a process. */
  readonly counter: SequenceCounter;
}

/** One per process start: a random instance and numbers from 1 that only grow. */
export interface SequenceCounter {
  readonly instance: string;
  next(): number;
}

export function sequenceCounter(instance: string): SequenceCounter {
  let last = 0;
  return { instance, next: () => (last += 1) };
}

/** How often a request is signed anew when the platform says that its number was used (requests may overtake each other). */
const replayAttempts = 4;

export function signedClient(deps: SignedClientDeps): SignedClient {
  return {
    instance: deps.counter.instance,
    async send(request) {
      for (let attempt = 1; ; attempt += 1) {
        const result = await exchange(deps, request);
        const replayed = result.ok && result.value.problem?.code === applianceProblems.replayed;
        if (!replayed || attempt === replayAttempts) return result;
      }
    },
  };
}

async function exchange(
  deps: SignedClientDeps,
  request: SignedRequest,
): Promise<Result<SignedAnswer, OutboundFailure>> {
  const query = request.query ?? '';
  const fields = {
    [protocolHeaders.level]: String(protocolLevel),
    [protocolHeaders.instance]: deps.counter.instance,
    [protocolHeaders.sequence]: String(deps.counter.next()),
  };
  const signature = signRequest(
    { method: request.method, path: request.path, query, body: request.body, headers: fields },
    { created: Math.floor(deps.clock.now() / 1000), keyId: deps.identity.keyId },
    deps.identity.sign,
    deps.crypto,
  );
  const answer = await deps.http.request({
    method: request.method,
    target: query === '' ? request.path : `${request.path}?${query}`,
    headers: {
      ...fields,
      ...signature,
      'content-type': request.contentType,
      accept: 'application/json, application/problem+json',
      ...(request.contentEncoding === undefined ? {} : { 'content-encoding': request.contentEncoding }),
    },
    body: request.body,
    deadlineMs: request.deadlineMs,
    maxAnswerBytes: request.maxAnswerBytes,
    ...(request.signal ? { signal: request.signal } : {}),
  });
  return answer.ok ? judge(deps, answer.value, signature['signature'] ?? '') : answer;
}

/** An answer below 400 must be signed; a refusal may come from a box in between, and then says only that much. */
function judge(
  deps: SignedClientDeps,
  answer: HttpAnswer,
  requestSignature: string,
): Result<SignedAnswer, OutboundFailure> {
  const { verifyPlatform } = deps.identity;
  const fault =
    verifyPlatform &&
    verifyAnswer(answer, (name) => answer.header(name), requestSignature, verifyPlatform, deps.crypto);
  const verified = verifyPlatform !== null && fault === null;
  if (fault && answer.status < 400) {
    const detail = 'what' in fault ? `${fault.kind}: ${fault.what}` : fault.kind;
    return err(plainFailure(originOf(deps.http.origin).host, 'signature', detail, true));
  }
  return ok({
    status: answer.status,
    body: answer.body,
    problem: answer.status >= 400 ? readProblem(answer.body) : null,
    verified,
    localAddress: answer.localAddress,
  });
}

function readProblem(body: Uint8Array): Problem | null {
  const json = parseJson(body);
  const parsed = problem.safeParse(json);
  return parsed.success ? parsed.data : null;
}

/** The JSON of a body, or undefined. Never throws. */
export function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    return undefined;
  }
}
