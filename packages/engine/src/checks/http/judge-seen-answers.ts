import { createHash } from 'node:crypto';
import type { HttpBlock } from '@picket/checks/protocols/http/http-block';
import { LayeredScope } from '@picket/checks/dsl/layered-scope';
import { AnswerScope } from '@picket/checks/run/answer-scope';
import type { HttpAnswer } from '@picket/checks/run/http-message';
import type { ProgramRun } from '../program/program-run.ts';

/** Different answers of one service that are looked at. */
const mostAnswers = 500;

/**
 * Runs operators over the answers that other checks got from the service and that this check has not looked at. True when they hold for one. That they hold for none never
 * means that the check has passed, because nobody asked for all that there is.
 */
export async function judgeSeenAnswers(block: HttpBlock, run: ProgramRun): Promise<boolean> {
  const { port, tls } = run.endpoint;
  const { shared } = run.session;
  const looked = shared.lookedAt(`${run.check} ${port} ${tls}`);
  let matched = false;
  for (const { sent, answer } of shared.ofService(port, tls)) {
    if (run.overdue() || looked.size >= mostAnswers) break;
    const same = sameness(answer);
    if (looked.has(same)) continue;
    looked.add(same);
    const result = await run.judge(block.operators, new LayeredScope(run.scope, new AnswerScope(sent, answer)));
    if (!result.matched) continue;
    matched = true;
    const place = sent.split(' ', 2)[1] ?? '';
    run.report(block.operators, result, { place, request: sent, response: `${answer.head}\r\n${answer.body}` });
    if (block.stopAtFirstMatch) return true;
  }
  const detail = `it asks nothing itself and looked at ${looked.size} answers to other checks`;
  if (!matched) run.fail({ reason: 'check-unsupported', detail });
  return matched;
}

const digests = new WeakMap<HttpAnswer, string>();

/** Answers that differ only in when they were given are one. */
function sameness(answer: HttpAnswer): string {
  const known = digests.get(answer);
  if (known !== undefined) return known;
  const text = `${answer.head.replace(/^date:[^\n]*\n/im, '')}\n${answer.body}`;
  const digest = createHash('sha256').update(text).digest('base64url');
  digests.set(answer, digest);
  return digest;
}
