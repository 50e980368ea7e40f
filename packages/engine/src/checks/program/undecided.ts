import type { SocketBlock } from '@picket/checks/protocols/socket/socket-block';
import type { TlsBlock } from '@picket/checks/protocols/tls/tls-block';
import { evaluate } from '@picket/checks/dsl/evaluate';
import { namesIn } from '@picket/checks/dsl/parser';
import type { DslAmbient, DslScope } from '@picket/checks/dsl/value';
import type { HttpAnswer } from '@picket/checks/run/http-message';
import type { Operators } from '@picket/checks/template/operators';
import type { CheckFailure } from '../check-failure.ts';
import { evidenceText } from '../evidence.ts';
import type { Conversation } from '../socket/socket-steps.ts';

/*
 * A check that found nothing has passed only if its question was asked and answered. These functions look at what came
 * instead of a match and say why it decides nothing; null: it does decide, the weakness is not there.
 */

/** Answers of a server that does not deal with the request now: too many, too early, overloaded, no back end (RFC 9110 section 15, RFC 6585). */
const notNow = new Set([408, 425, 429, 502, 503, 504]);

export function undecidedAnswer(answer: HttpAnswer): CheckFailure | null {
  if (notNow.has(answer.status))
    return {
      reason: 'connection-failed',
      detail: `the server answers ${answer.status}, so it did not deal with the request`,
    };
  if (!answer.whole) return { reason: 'connection-failed', detail: 'the answer ended before it was whole' };
  if (answer.coded !== null)
    return {
      reason: 'check-unsupported',
      detail: `the body of the answer can't be read: it is not in the content coding that it names (${evidenceText(answer.coded, 'extracted')}), or that is not known`,
    };
  return null;
}

/** Of a TCP or UDP conversation: what the block itself says an answer is, else that one came at all. */
export function undecidedTalk(
  block: Pick<SocketBlock, 'answered' | 'operators'>,
  talk: Conversation,
  known: { readonly scope: DslScope; readonly ambient: DslAmbient },
): CheckFailure | null {
  if (!looksAtTalk(block.operators, talk)) return null;
  if (talk.sent !== '' && talk.received === talk.sent)
    return { reason: 'connection-failed', detail: 'the service only sends back what it gets' };
  const answered =
    block.answered.length === 0
      ? talk.heard
      : block.answered.every((node) => {
          const value = evaluate(node, known.scope, known.ambient);
          return value.ok && value.value === true;
        });
  if (answered) return null;
  if (talk.received === '')
    return talk.end === 'timeout'
      ? { reason: 'timeout', detail: 'no answer' }
      : { reason: 'connection-failed', detail: 'the service hung up without an answer' };
  const words = evidenceText(talk.received, 'extracted').replaceAll('\n', ' ').trim().slice(0, 120);
  return { reason: 'connection-failed', detail: `the service did not answer the question, it said: ${words}` };
}

/** Whether matchers look at what was said; those that only ask for a TLS fingerprint are decided by that. */
function looksAtTalk({ matchers }: Operators, talk: Conversation): boolean {
  return !matchers.every(
    ({ test }) =>
      test.type === 'dsl' &&
      test.expressions.every((node) => {
        const { functions, variables } = namesIn(node);
        return functions.has('jarm') && [...variables].every((name) => !talk.scope.has(name));
      }),
  );
}

/** Of a handshake: a matcher that asks for a fact which is not known. */
export function undecidedFacts(block: TlsBlock, scope: DslScope): CheckFailure | null {
  const asked = block.operators.matchers.flatMap(({ test, part }) =>
    test.type === 'dsl' ? test.expressions.flatMap((node) => [...namesIn(node).variables]) : [part],
  );
  const missing = asked.find((name) => !scope.has(name));
  if (missing === undefined) return null;
  if (!scope.has('not_after'))
    return { reason: 'tls-failed', detail: 'the service shows no certificate that can be read' };
  if (missing === 'mismatched')
    return { reason: 'check-unsupported', detail: 'the host has no name that the certificate can be compared with' };
  return { reason: 'check-unsupported', detail: `the handshake does not tell ${missing}` };
}
