import type { DslValue } from '@picket/checks/dsl/value';
import type { HttpBlock, HttpPipeline } from '@picket/checks/protocols/http/http-block';
import { AnswerScope } from '@picket/checks/run/answer-scope';
import { type HttpAnswer, renderRequest, requestBytes } from '@picket/checks/run/http-message';
import { spend, spendLogin } from '../check-session.ts';
import { accountOfRequest } from '../login-account.ts';
import type { ProgramRun } from '../program/program-run.ts';
import { undecidedAnswer } from '../program/undecided.ts';
import { valueSets } from '../program/value-sets.ts';
import { exchangePipeline, type PipelinedQuestion } from './exchange-pipeline.ts';
import { keepCookies } from './http-exchange.ts';
import { noteRefusal } from './note-refusal.ts';

/** Bytes that go out on one connection before its answers are read. */
const mostSent = 262_144;

/** Runs a block whose requests go out several at a time on each connection; each answer is judged with its own request. */
export async function runPipeline(block: HttpBlock, pipeline: HttpPipeline, run: ProgramRun): Promise<boolean> {
  let matched = false;
  let batch: Question[][] = [[]];
  for await (const question of questions(block, run)) {
    batch = added(batch, question, pipeline.perConnection);
    if (batch.length <= pipeline.connections) continue;
    const last = batch.pop() ?? [];
    matched = (await sendAll(block, batch, run)) || matched;
    if (matched && block.stopAtFirstMatch) return true;
    batch = [last];
  }
  return (await sendAll(block, batch, run)) || matched;
}

interface Question extends PipelinedQuestion {
  readonly path: string;
  readonly scope: ReadonlyMap<string, DslValue>;
}

/** Puts a question onto the last connection, or onto another one where that has its share. */
function added(batch: readonly Question[][], question: Question, perConnection: number): Question[][] {
  const last = batch.at(-1) ?? [];
  const sent = last.reduce((sum, each) => sum + each.sent.length, 0);
  const full = last.length >= perConnection || (last.length > 0 && sent + question.sent.length > mostSent);
  return full ? [...batch, [question]] : [...batch.slice(0, -1), [...last, question]];
}

/** Every request with every set of payloads that the budgets allow, in their order. */
async function* questions(block: HttpBlock, run: ProgramRun): AsyncGenerator<Question> {
  const { session, endpoint } = run;
  for (const values of valueSets(block.payloads, run)) {
    for (const request of block.requests) {
      if (run.overdue()) return;
      const scope = new Map([...run.scope, ...values]);
      const rendered = await run.settled(() => renderRequest(request, endpoint, scope, run.ambient));
      if (!rendered.ok) {
        noteRefusal(rendered.error, block, run);
        continue;
      }
      const { method, path } = rendered.value;
      const account = accountOfRequest(rendered.value);
      const refused =
        spend(session, endpoint.port, path) ??
        (account === null ? null : spendLogin(session, 'http', endpoint.port, account));
      if (refused) {
        run.fail(refused);
        continue;
      }
      const sent = requestBytes(rendered.value, block.cookies ? run.cookies : new Map(), true);
      yield { method, path, sent, scope };
    }
  }
}

async function sendAll(block: HttpBlock, batch: readonly Question[][], run: ProgramRun): Promise<boolean> {
  const options = { maxBody: block.maxSize, timeoutMs: block.requests[0]?.timeoutMs ?? null };
  const connections = batch.filter((share) => share.length > 0);
  if (connections.length === 0) return false;
  const outcomes = await Promise.all(
    connections.map((share) => exchangePipeline(run.session, run.endpoint, share, options)),
  );
  let matched = false;
  for (const [share, answers] of connections.map((share, at) => [share, outcomes[at] ?? []] as const)) {
    for (const [at, question] of share.entries()) {
      const answer = answers[at];
      if (answer === undefined) continue;
      if (!answer.ok) run.fail(answer.error);
      else matched = (await judge(block, question, answer.value, run)) || matched;
      if (matched && block.stopAtFirstMatch) return true;
    }
  }
  return matched;
}

async function judge(block: HttpBlock, question: Question, answer: HttpAnswer, run: ProgramRun): Promise<boolean> {
  const facts = new AnswerScope(question.sent, answer);
  if (block.cookies) keepCookies(run.cookies, answer);
  run.remember('http', facts, { id: block.id });
  const result = await run.judge(block.operators, new Map([...question.scope, ...facts]));
  if (!result.matched) {
    const undecided = undecidedAnswer(answer);
    if (undecided) run.fail(undecided);
    return false;
  }
  const response = `${answer.head}\r\n${answer.body}`;
  run.report(block.operators, result, { place: question.path, request: question.sent, response });
  return true;
}
