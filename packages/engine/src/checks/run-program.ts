import type {
  CheckProgram,
  HttpBlock,
  HttpRequestText,
  RequestBlock,
  SocketBlock,
  TlsBlock,
} from '@picket/checks/check';
import type { DslNode } from '@picket/checks/dsl/parser';
import type { DslAmbient, DslScope, DslValue } from '@picket/checks/dsl/value';
import { answerScope, type HttpAnswer, renderRequest, type RequestRefusal } from '@picket/checks/run/http-message';
import { payloadSets } from '@picket/checks/run/payload-sets';
import { addVariables, type Endpoint, targetScope } from '@picket/checks/run/target-scope';
import { renderText, type TemplateText } from '@picket/checks/template/text';
import { applyOperators, type OperatorResult, type Operators } from '@picket/checks/template/operators';
import type { CheckFailure } from './check-failure.ts';
import type { CheckSession } from './check-session.ts';
import { exchangeHttp } from './http-exchange.ts';
import { converse } from './socket-steps.ts';
import { probeTls } from './tls-probe.ts';
import { undecidedAnswer, undecidedFacts, undecidedTalk } from './undecided.ts';

/** One match of a check. All texts are byte strings. */
export interface CheckMatch {
  /** Tells several matches of one check on one port apart: matcher and path. Empty when there can be only one. */
  readonly instance: string;
  readonly matchers: readonly string[];
  readonly extracted: readonly string[];
  readonly request: string;
  readonly response: string;
}

export interface ProgramOutcome {
  readonly matches: readonly CheckMatch[];
  /** The first exchange that gave nothing to judge; null: everything was judged. */
  readonly failure: CheckFailure | null;
}

interface Run {
  readonly session: CheckSession;
  readonly endpoint: Endpoint;
  readonly ambient: DslAmbient;
  readonly scope: Map<string, DslValue>;
  /** All that each extractor found; `scope` has the first of each. */
  readonly lists: Map<string, readonly string[]>;
  readonly cookies: Map<string, string>;
  readonly deadline: number;
  /** Some request of the check takes values for later ones. */
  readonly extracts: boolean;
  readonly matches: CheckMatch[];
  failure: CheckFailure | null;
  failures: number;
}

/** Runs a check's requests against one endpoint. Never throws on what a target does. */
export async function runProgram(
  program: CheckProgram,
  endpoint: Endpoint,
  session: CheckSession,
): Promise<ProgramOutcome> {
  const ambient: DslAmbient = { random: session.random, now: () => session.clock.now() };
  const scope = targetScope(endpoint);
  const lists = new Map<string, readonly string[]>();
  addVariables(scope, program.variables, ambient);
  const deadline = session.clock.monotonic() + session.limits.checkMs;
  const extracts = program.blocks.some((block) => block.operators.extractors.some((extractor) => extractor.internal));
  const cookies = new Map<string, string>();
  const run: Run = {
    session,
    endpoint,
    ambient,
    scope,
    lists,
    cookies,
    deadline,
    extracts,
    matches: [],
    failure: null,
    failures: 0,
  };
  if (program.flow !== null) {
    const holds = await runFlow(program.flow, program.blocks, run);
    return { matches: holds ? run.matches : [], failure: run.failure };
  }
  for (const block of program.blocks) {
    const matched = await runBlock(block, run);
    if (matched && program.stopAtFirstMatch) break;
  }
  return { matches: run.matches, failure: run.failure };
}

const blockKinds: Readonly<Record<string, readonly RequestBlock['protocol'][]>> = {
  http: ['http'],
  requests: ['http'],
  tcp: ['tcp', 'udp'],
  network: ['tcp', 'udp'],
  ssl: ['tls'],
};

/** Evaluates `http(1) && !http(2)` from left to right, running only the blocks that decide. */
async function runFlow(node: DslNode, blocks: readonly RequestBlock[], run: Run): Promise<boolean> {
  if (node.kind === 'boolean') return node.value;
  if (node.kind === 'unary' && node.operator === '!') {
    const before = run.failures;
    const holds = await runFlow(node.operand, blocks, run);
    // A request that nobody answered is no proof of the contrary.
    return !holds && run.failures === before;
  }
  if (node.kind === 'binary' && (node.operator === '&&' || node.operator === '||')) {
    const left = await runFlow(node.left, blocks, run);
    if (left === (node.operator === '||')) return left;
    return runFlow(node.right, blocks, run);
  }
  if (node.kind !== 'call') return false;
  const own = blocks.filter((block) => blockKinds[node.name]?.includes(block.protocol));
  const index = node.args[0];
  const chosen = index?.kind === 'number' ? own.slice(index.value - 1, index.value) : own;
  let matched = false;
  for (const block of chosen) matched = (await runBlock(block, run)) || matched;
  return matched;
}

function runBlock(block: RequestBlock, run: Run): Promise<boolean> {
  switch (block.protocol) {
    case 'http':
      return runHttp(block, run);
    case 'tcp':
    case 'udp':
      return runSocket(block, run);
    case 'tls':
      return runTls(block, run);
  }
}

async function runHttp(block: HttpBlock, run: Run): Promise<boolean> {
  let matched = false;
  for (const values of payloadSets(block.payloads, run.scope, run.ambient)) {
    const history = new Map<string, DslValue>();
    for (const [index, request] of block.requests.entries()) {
      for (const extracted of block.iterateAll ? extractedRounds(run.lists) : [new Map<string, string>()]) {
        if (overdue(run)) return matched;
        const scope = new Map([...run.scope, ...extracted, ...values, ...history]);
        const found = await ask({ block, request, scope }, run);
        if (found === null) continue;
        for (const [name, value] of found.scope) history.set(`${name}_${index + 1}`, value);
        const result = judge(block.operators, new Map([...scope, ...history, ...found.scope]), run);
        if (!result.matched) {
          const undecided = undecidedAnswer(found.answer);
          if (undecided) fail(run, undecided);
          continue;
        }
        matched = true;
        report(run, block.operators, result, {
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

interface Asked {
  readonly path: string;
  readonly sent: string;
  readonly answer: HttpAnswer;
  readonly scope: ReadonlyMap<string, DslValue>;
}

/** Sends one request of a block. Null: it was not sent or not answered; what that means for the check is noted in `run`. */
async function ask(
  asked: { block: HttpBlock; request: HttpRequestText; scope: DslScope },
  run: Run,
): Promise<Asked | null> {
  const { block, request, scope } = asked;
  const rendered = renderRequest(request, run.endpoint, scope, run.ambient);
  if (!rendered.ok) {
    noteRefusal(rendered.error, block, run);
    return null;
  }
  const exchanged = await exchangeHttp(run.session, run.endpoint, rendered.value, {
    redirects: block.redirects,
    maxRedirects: block.maxRedirects,
    maxBody: block.maxSize,
    timeoutMs: request.timeoutMs,
    cookies: block.cookies ? run.cookies : null,
    digest: block.digest && credentials(block.digest, scope, run.ambient),
  });
  if (!exchanged.ok) {
    fail(run, exchanged.error);
    return null;
  }
  const { sent, answer } = exchanged.value;
  return { path: rendered.value.path, sent, answer, scope: answerScope(sent, answer) };
}

/** A value that an earlier answer did not give makes a request meaningless, and so it does not match; all else is a failure. */
function noteRefusal(refusal: RequestRefusal, block: HttpBlock, run: Run): void {
  if (refusal.kind === 'scope') fail(run, { reason: 'scope-denied', detail: refusal.detail });
  else if (refusal.kind === 'form') fail(run, { reason: 'check-unsupported', detail: refusal.detail });
  else if (block.keepUnresolved || !run.extracts)
    fail(run, { reason: 'check-unsupported', detail: `${refusal.detail} has no value` });
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

async function runSocket(block: SocketBlock, run: Run): Promise<boolean> {
  let matched = false;
  for (const values of payloadSets(block.payloads, run.scope, run.ambient)) {
    if (overdue(run)) return matched;
    const scope = new Map([...run.scope, ...values]);
    const talk = await converse(block, run.endpoint, { session: run.session, scope });
    if (!talk.ok) {
      // After an earlier request that gave no value there is nothing to send; before any, the check cannot be judged.
      if (talk.error) fail(run, talk.error);
      else if (!run.extracts)
        fail(run, { reason: 'check-unsupported', detail: 'the host has no name that this check needs' });
      continue;
    }
    const known = new Map([...scope, ...talk.value.scope]);
    const result = judge(block.operators, known, run);
    if (!result.matched) {
      const undecided = undecidedTalk(block, talk.value, { scope: known, ambient: run.ambient });
      if (undecided) fail(run, undecided);
      continue;
    }
    matched = true;
    report(run, block.operators, result, {
      place: [...values.values()].join(' '),
      request: talk.value.sent,
      response: talk.value.received,
    });
    if (block.stopAtFirstMatch) return true;
  }
  return matched;
}

async function runTls(block: TlsBlock, run: Run): Promise<boolean> {
  if (overdue(run)) return false;
  const probe = await probeTls(block, run.endpoint, run.session);
  if (!probe.ok) {
    fail(run, probe.error);
    return false;
  }
  if (probe.value === null) return false;
  const scope = new Map([...run.scope, ...probe.value]);
  const result = judge(block.operators, scope, run);
  if (result.matched) {
    const response = probe.value.get('response');
    report(run, block.operators, result, {
      place: '',
      request: '',
      response: typeof response === 'string' ? response : '',
    });
  } else {
    const undecided = undecidedFacts(block, scope);
    if (undecided) fail(run, undecided);
  }
  return result.matched;
}

function overdue(run: Run): boolean {
  if (run.session.signal.aborted) fail(run, { reason: 'cancelled', detail: '' });
  else if (run.session.clock.monotonic() > run.deadline)
    fail(run, { reason: 'timeout', detail: `the check took longer than ${run.session.limits.checkMs} ms` });
  else return false;
  return true;
}

function fail(run: Run, failure: CheckFailure): void {
  run.failure ??= failure;
  run.failures += 1;
}

/** Matches, and keeps what later requests of the same check may use. */
function judge(operators: Operators, scope: Map<string, DslValue>, run: Run): OperatorResult {
  const result = applyOperators(operators, scope, run.ambient);
  for (const [name, values] of result.dynamic) {
    run.lists.set(name, values);
    run.scope.set(name, values[0] ?? '');
  }
  return result;
}

function report(
  run: Run,
  operators: Operators,
  result: OperatorResult,
  seen: { place: string; request: string; response: string },
): void {
  if (operators.matchers.length > 0 && operators.matchers.every((matcher) => matcher.internal)) return;
  const match = { extracted: result.extracted, request: seen.request, response: seen.response };
  // Named matchers of an "or" block are results of their own.
  const names = operators.all || result.names.length === 0 ? [result.names] : result.names.map((name) => [name]);
  for (const matchers of names) {
    const instance = [operators.all ? '' : (matchers[0] ?? ''), seen.place].filter((part) => part !== '').join(' ');
    run.matches.push({ ...match, matchers, instance });
  }
}
