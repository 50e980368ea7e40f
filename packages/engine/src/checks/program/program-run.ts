import type { Operators, OperatorResult } from '@picket/checks/template/operators';
import { applyOperators } from '@picket/checks/template/operators';
import type { DslAmbient, DslScope, DslValue } from '@picket/checks/dsl/value';
import type { CheckProgram } from '@picket/checks/check';
import type { Endpoint } from '@picket/checks/run/target-scope';
import { renderText } from '@picket/checks/template/text';
import type { CheckFailure } from '../check-failure.ts';
import type { CheckSession } from '../check-session.ts';
import type { OastCall, OastPlace } from '../../oast/oast-port.ts';
import { looksAtCalls, wantsDns } from './call-back.ts';
import { askOutside } from './ask-outside.ts';

/** One match of a check. All texts are byte strings. */
export interface CheckMatch {
  /** Tells several matches of one check on one port apart: matcher and path. Empty when there can be only one. */
  readonly instance: string;
  readonly matchers: readonly string[];
  readonly extracted: readonly string[];
  readonly request: string;
  readonly response: string;
}

/** An answer of the target that a block's operators hold for, as a workflow looks at it. */
export interface JudgedAnswer {
  /** Names of the matchers that hold. */
  readonly names: readonly string[];
  /** What extractors with a name show; byte strings. */
  readonly shown: ReadonlyMap<string, readonly string[]>;
}

/** What a match was seen on: `place` tells several of one block apart; request and response are byte strings. */
interface Seen {
  readonly place: string;
  readonly request: string;
  readonly response: string;
}

/** Calls that one request is judged by. */
const mostCalls = 8;

/** Answers of one kind that are kept for requests of other kinds. */
const mostRemembered = 10;

/** One run of a check against one endpoint: what its blocks share and what they found. */
export class ProgramRun {
  readonly session: CheckSession;
  readonly endpoint: Endpoint;
  readonly ambient: DslAmbient;
  /** Variables: of the target, of the template, and of what earlier answers gave. */
  readonly scope: Map<string, DslValue>;
  /** All that each extractor found; `scope` has the first of each. */
  readonly lists = new Map<string, readonly string[]>();
  readonly cookies: Map<string, string>;
  readonly matches: CheckMatch[] = [];
  /** In the order they came. */
  readonly judged: JudgedAnswer[] = [];
  /** Its requests name their servers themselves. */
  readonly ownPlace: boolean;
  /** Some request of the check takes values for later ones. */
  readonly extracts: boolean;
  /** Id of the check. */
  readonly check: string;
  /** As the check writes them. */
  readonly variables: CheckProgram['variables'];
  /** Variables of the check that still lack a value which an answer may give. */
  readonly #waiting: CheckProgram['variables'];
  /** Monotonic milliseconds after which no further request goes out. */
  readonly deadline: number;
  readonly #asked = new Map<string, number>();
  readonly #place: OastPlace | null;
  #failure: CheckFailure | null = null;
  #failures = 0;
  #gave = 0;

  constructor(
    session: CheckSession,
    endpoint: Endpoint,
    start: {
      readonly check: string;
      readonly scope: Map<string, DslValue>;
      readonly variables: CheckProgram['variables'];
      readonly extracts: boolean;
      readonly ownPlace?: boolean;
      readonly ambient: DslAmbient;
      readonly place?: OastPlace | null;
      readonly cookies?: Map<string, string>;
    },
  ) {
    this.session = session;
    this.endpoint = endpoint;
    this.ambient = start.ambient;
    this.check = start.check;
    this.scope = start.scope;
    this.variables = start.variables;
    this.extracts = start.extracts;
    this.ownPlace = start.ownPlace ?? false;
    this.#place = start.place ?? null;
    this.cookies = start.cookies ?? new Map();
    this.#waiting = start.variables.filter(([name]) => !start.scope.has(name));
    this.deadline = session.clock.monotonic() + session.limits.checkMs;
  }

  /** The first exchange that gave nothing to judge; null: everything was judged. */
  get failure(): CheckFailure | null {
    return this.#failure;
  }

  /** How many exchanges gave nothing to judge. */
  get failures(): number {
    return this.#failures;
  }

  /** How many answers gave values for later requests. */
  get gave(): number {
    return this.#gave;
  }

  /** Notes that a question was not answered, so that silence does not count as passed. */
  fail(failure: CheckFailure): void {
    this.#failure ??= failure;
    this.#failures += 1;
  }

  /** Whether the check is over its time or cancelled, which is noted. */
  overdue(): boolean {
    if (this.session.signal.aborted) this.fail({ reason: 'cancelled', detail: '' });
    else if (this.session.clock.monotonic() > this.deadline)
      this.fail({ reason: 'timeout', detail: `the check took longer than ${this.session.limits.checkMs} ms` });
    else return false;
    return true;
  }

  /**
   * Keeps the variables of an answer for later requests: `dns_cname`, `http_2_body` for the second answer of a kind, and `first_body`
   * for the last answer to a block that is called `first`, `first_body_2` for its second. Text of a target stays a value.
   */
  remember(
    kind: 'dns' | 'http' | 'ssl' | 'tcp' | 'udp',
    facts: DslScope,
    block: { readonly id: string | null; readonly index?: number },
  ): void {
    const count = (this.#asked.get(kind) ?? 0) + 1;
    this.#asked.set(kind, count);
    for (const [name, value] of count > mostRemembered ? [] : facts) {
      this.scope.set(`${kind}_${name}`, value);
      this.scope.set(`${kind}_${count}_${name}`, value);
    }
    for (const [name, value] of block.id === null ? [] : facts) {
      this.scope.set(`${block.id}_${name}`, value);
      if (block.index !== undefined) this.scope.set(`${block.id}_${name}_${block.index}`, value);
    }
    this.learned();
  }

  /** Calls of the target after a request whose operators look at them; empty when none comes in time. */
  async calls(operators: Operators): Promise<readonly OastCall[]> {
    if (this.#place === null || !looksAtCalls(operators)) return [];
    if (!this.#place.named && wantsDns(operators))
      this.fail({ reason: 'oast-off', detail: 'it waits for a question of DNS, and no domain leads to this scanner' });
    const { clock, signal, limits } = this.session;
    const calls: OastCall[] = [];
    const left = () => Math.min(limits.callBackMs, this.deadline - clock.monotonic());
    for (let wait = left(); wait > 0 && calls.length < mostCalls; wait = calls.length > 0 ? 1 : left()) {
      const call = await this.#place.next(wait, signal);
      if (call === null) break;
      calls.push(call);
    }
    return calls;
  }

  /** Runs what evaluates expressions until they have all that they ask for from outside. */
  async settled<T>(evaluated: () => T): Promise<T> {
    for (let round = 0; round < 4; round += 1) {
      const value = evaluated();
      const questions = this.ambient.outside?.take() ?? [];
      if (questions.length === 0) return value;
      for (const question of questions) this.ambient.outside?.answer(question, await askOutside(question, this));
    }
    return evaluated();
  }

  /** Matches, and keeps what later requests of the same check may use. */
  async judge(operators: Operators, scope: DslScope): Promise<OperatorResult> {
    const result = await this.settled(() => applyOperators(operators, scope, this.ambient));
    for (const [name, values] of result.dynamic) {
      this.lists.set(name, values);
      this.scope.set(name, values[0] ?? '');
    }
    if (result.dynamic.size > 0) {
      this.#gave += 1;
      this.learned();
    }
    return result;
  }

  /** Gives variables a value that waited for one of an answer. */
  learned(): void {
    for (const [name, value] of this.#waiting) {
      const rendered = renderText(value, this.scope, this.ambient);
      if ('text' in rendered) this.scope.set(name, rendered.text);
    }
  }

  report(operators: Operators, result: OperatorResult, seen: Seen): void {
    this.judged.push({ names: result.names, shown: result.shown });
    if (operators.matchers.length > 0 && operators.matchers.every((matcher) => matcher.internal)) return;
    const match = { extracted: result.extracted, request: seen.request, response: seen.response };
    // Named matchers of an "or" block are results of their own.
    const names = operators.all || result.names.length === 0 ? [result.names] : result.names.map((name) => [name]);
    for (const matchers of names) {
      const instance = [operators.all ? '' : (matchers[0] ?? ''), seen.place].filter((part) => part !== '').join(' ');
      this.matches.push({ ...match, matchers, instance });
    }
  }
}
