import { ok } from '@picket/base/result';
import type { HttpBlock, HttpRequestText } from '@picket/checks/protocols/http/http-block';
import { LayeredScope } from '@picket/checks/dsl/layered-scope';
import type { DslAmbient, DslScope } from '@picket/checks/dsl/value';
import { AnswerScope } from '@picket/checks/run/answer-scope';
import { type HttpAnswer, renderRequest } from '@picket/checks/run/http-message';
import { placeOfRequest } from '@picket/checks/run/own-place';
import { judgePreCondition } from '@picket/checks/run/pre-condition';
import { authority, targetScope } from '@picket/checks/run/target-scope';
import { renderText, type TemplateText } from '@picket/checks/template/text';
import { ownEndpoint } from '../program/own-endpoint.ts';
import { judgeWithCalls } from '../program/judge-with-calls.ts';
import type { ProgramRun } from '../program/program-run.ts';
import { valueSets } from '../program/value-sets.ts';
import { undecidedAnswer } from '../program/undecided.ts';
import { exchangeHttp } from './http-exchange.ts';
import { noteRefusal } from './note-refusal.ts';
import { AnswerHistory } from './answer-history.ts';
import { judgeSeenAnswers } from './judge-seen-answers.ts';
import { runPipeline } from './run-pipeline.ts';

/** Runs an `http` block: every request with every set of payloads. True when something matched. */
export async function runHttpBlock(block: HttpBlock, run: ProgramRun): Promise<boolean> {
  if (!(await mayStart(block, run))) return false;
  if (block.global) return judgeSeenAnswers(block, run);
  if (block.pipeline !== null) return runPipeline(block, block.pipeline, run);
  if (block.race !== null) return runRace(block, block.race.together, run);
  let matched = false;
  for (const values of valueSets(block.payloads, run)) {
    const history = new AnswerHistory();
    for (const [index, request] of block.requests.entries()) {
      for (const extracted of block.iterateAll ? extractedRounds(run.lists) : [new Map<string, string>()]) {
        if (run.overdue()) return matched;
        const scope = new LayeredScope(run.scope, extracted, values, history);
        const found = await ask({ block, request, scope }, run);
        if (found === null) continue;
        history.add(index + 1, found.scope);
        run.remember('http', found.scope, { id: block.id, index: index + 1 });
        // What the answer taught, such as `http_body`, is for its own matchers too.
        const known = new LayeredScope(scope, found.scope);
        const result = await judgeWithCalls(block.operators, known, run);
        if (!result.matched) {
          const undecided = undecidedAnswer(found.answer);
          if (undecided) run.fail(undecided);
          continue;
        }
        matched = true;
        run.report(block.operators, result, {
          place: block.requests.length > 1 && !block.indexed ? found.path : '',
          request: found.sent,
          response: `${found.answer.head}\r\n${found.answer.body}`,
        });
        if (block.stopAtFirstMatch || block.indexed) return true;
      }
    }
  }
  return matched;
}

/** Whether the condition of a block holds. One that can't be judged is noted, so that the check does not count as passed. */
async function mayStart({ preCondition }: HttpBlock, run: ProgramRun): Promise<boolean> {
  if (preCondition === null) return true;
  const judged = await run.settled(() => judgePreCondition(preCondition, run.endpoint, run));
  // A value that an earlier answer did not give means that there is nothing to look for.
  if (judged.kind === 'unknown' && !run.extracts) run.fail({ reason: 'check-unsupported', detail: judged.detail });
  return judged.kind === 'holds';
}

/** Sends all requests of a block side by side, `together` at once; each answer is judged for itself. */
async function runRace(block: HttpBlock, together: number, run: ProgramRun): Promise<boolean> {
  let matched = false;
  for (const values of valueSets(block.payloads, run)) {
    const scope = new LayeredScope(run.scope, values);
    for (let at = 0; at < block.requests.length; at += together) {
      if (run.overdue()) return matched;
      const batch = block.requests.slice(at, at + together);
      const answers = await Promise.all(batch.map((request) => ask({ block, request, scope }, run)));
      for (const [index, found] of answers.entries()) {
        if (found === null) continue;
        const result = await run.judge(block.operators, new LayeredScope(scope, found.scope));
        if (!result.matched) continue;
        matched = true;
        const response = `${found.answer.head}\r\n${found.answer.body}`;
        run.report(block.operators, result, { place: `request ${at + index + 1}`, request: found.sent, response });
      }
    }
  }
  return matched;
}

interface Asked {
  readonly path: string;
  readonly sent: string;
  readonly answer: HttpAnswer;
  readonly scope: DslScope;
}

/** Sends one request of a block. Null: it was not sent or not answered; what that means for the check is noted in `run`. */
async function ask(
  asked: { block: HttpBlock; request: HttpRequestText; scope: DslScope },
  run: ProgramRun,
): Promise<Asked | null> {
  const { block, request } = asked;
  const placed = run.ownPlace ? ownEndpoint(placeOfRequest(request), asked.scope, run) : ok(run.endpoint);
  if (!placed.ok) {
    run.fail(placed.error);
    return null;
  }
  const endpoint = placed.value;
  const scope = run.ownPlace ? new LayeredScope(asked.scope, targetScope(endpoint)) : asked.scope;
  const rendered = await run.settled(() => renderRequest(request, endpoint, scope, run.ambient));
  if (!rendered.ok) {
    noteRefusal(rendered.error, block, run);
    return null;
  }
  const exchanged = await exchangeHttp(run.session, endpoint, rendered.value, {
    redirects: run.session.settings.followRedirects ? block.redirects : 'none',
    maxRedirects: block.maxRedirects,
    alone: block.race !== null,
    maxBody: block.maxSize,
    timeoutMs: request.timeoutMs,
    cookies: block.cookies ? run.cookies : null,
    digest: block.digest && credentials(block.digest, scope, run.ambient),
  });
  if (!exchanged.ok) {
    run.fail(exchanged.error);
    return null;
  }
  const { sent, answer } = exchanged.value;
  return {
    path: run.ownPlace ? authority(endpoint) + rendered.value.path : rendered.value.path,
    sent,
    answer,
    scope: new AnswerScope(sent, answer),
  };
}

function credentials(
  digest: NonNullable<HttpBlock['digest']>,
  scope: DslScope,
  ambient: DslAmbient,
): { username: string; password: string } {
  const fill = (text: TemplateText) => {
    const rendered = renderText(text, scope, ambient);
    return 'text' in rendered ? rendered.text : '';
  };
  return { username: fill(digest.username), password: fill(digest.password) };
}

/** One round for each value of the longest list (`iterate-all`); shorter lists stay at their last value. */
function* extractedRounds(lists: ReadonlyMap<string, readonly string[]>): Generator<ReadonlyMap<string, string>> {
  const rounds = Math.max(1, ...[...lists.values()].map((list) => list.length));
  for (let at = 0; at < rounds; at += 1) {
    yield new Map([...lists].map(([name, list]) => [name, list[Math.min(at, list.length - 1)] ?? '']));
  }
}
