import type { ReadOutcome } from '@picket/base/dialer';
import { err, ok, type Result } from '@picket/base/result';
import { toBytes } from '@picket/checks/byte-string';
import type { HttpAnswer } from '@picket/checks/run/http-message';
import type { Endpoint } from '@picket/checks/run/target-scope';
import type { CheckFailure } from '../check-failure.ts';
import { type CheckSession, openConnection } from '../check-session.ts';
import { PipelinedAnswers, type PipelineLoss } from './pipelined-answers.ts';

/** Bytes of all answers of one connection that are read. */
const mostBytes = 4_194_304;

/** A request of a pipeline: its method, and its bytes as a byte string. */
export interface PipelinedQuestion {
  readonly method: string;
  readonly sent: string;
}

/**
 * Sends requests on one connection without waiting for answers in between (RFC 9112 section 9.3.2). As many outcomes as questions, in
 * their order; all of them share the time of one exchange.
 */
export async function exchangePipeline(
  session: CheckSession,
  endpoint: Endpoint,
  questions: readonly PipelinedQuestion[],
  options: { readonly maxBody: number; readonly timeoutMs: number | null },
): Promise<Result<HttpAnswer, CheckFailure>[]> {
  const opened = await openConnection(session, endpoint, { alpn: ['http/1.1'] });
  if (!opened.ok) return questions.map(() => opened);
  const connection = opened.value;
  const started = session.clock.monotonic();
  const seconds = () => (session.clock.monotonic() - started) / 1000;
  const found = new PipelinedAnswers(
    questions.map(({ method }) => method),
    options.maxBody,
    seconds,
  );
  // A server may not take more before what it said is read, so both go on together; closing ends a write that hangs.
  const writing = connection.write(toBytes(questions.map(({ sent }) => sent).join('')));
  try {
    const timeoutMs = options.timeoutMs ?? session.limits.httpMs;
    const reply = await connection.read({ timeoutMs, maxBytes: mostBytes, until: found.isWhole });
    if (reply.end === 'cancelled') return questions.map(() => err({ reason: 'cancelled', detail: '' }));
    const late =
      reply.end === 'complete' ? await connection.read({ timeoutMs: session.limits.idleMs, maxBytes: 1024 }) : null;
    const bytes = late === null ? reply.bytes : joined(reply.bytes, late.bytes);
    const { answers, loss } = found.finish(bytes, reply.end);
    return questions.map((_question, at) => {
      const answer = answers[at];
      return answer === undefined ? err(notAnswered(loss, reply.end)) : ok(answer);
    });
  } finally {
    connection.close();
    await writing;
  }
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const whole = new Uint8Array(first.length + second.length);
  whole.set(first);
  whole.set(second, first.length);
  return whole;
}

function notAnswered(loss: PipelineLoss | null, end: ReadOutcome['end']): CheckFailure {
  if (loss === null && end === 'timeout') return { reason: 'timeout', detail: 'no answer in a pipeline' };
  const words = {
    surplus: 'the server gives more answers than it got requests, so nobody knows which is which',
    'no-http': 'what comes in a pipeline is no HTTP',
    closed: 'the server closed a pipeline before it answered this request',
  };
  return { reason: 'connection-failed', detail: words[loss ?? 'closed'] };
}
