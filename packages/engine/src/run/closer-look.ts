import { describeError } from '@picket/base/error';
import { parseIp } from '@picket/base/ip';
import { isWide } from '@picket/plan/wide-range';
import type { NameAnswer, NameQuestion } from '../names/name-question.ts';
import { Tracer } from '../trace/tracer.ts';
import { winsNames } from '../names/wins.ts';
import { withinBudget } from '../connect/time-budget.ts';
import { inScope } from '../gate/scope.ts';
import type { HostIdentity } from './host-identity.ts';
import { asksForNames } from './job.ts';
import type { RunContext } from './run-context.ts';
import { Semaphore } from './semaphore.ts';
import type { HostName } from './stages.ts';
import type { UnitVoice } from './unit-ledger.ts';

/** Longest wait for the resolver's names of a host, milliseconds. */
const resolveBudgetMs = 2000;
/** Longest time for all questions to one host, milliseconds without pauses. */
const questionsBudgetMs = 10_000;
/** Resolver look-ups under way. */
const lookUpsAtOnce = 16;
/** Names of a host whose addresses are looked up, and addresses remembered in all. */
const mostLookedUp = 4;
const mostClaimed = 65_536;
/** A WINS server that left so many questions in a row unanswered is not asked again in this run. */
const winsPatience = 3;

/**
 * Looks closer at hosts that are up, beside the scan: DNS, the host itself, WINS servers, on maps the way to it. Everything goes through the scope gate
 * and the governor, is bounded in time and number, and what fails costs only itself.
 */
export class CloserLook {
  readonly #context: RunContext;
  readonly #lookUps = new Semaphore(lookUpsAtOnce);
  readonly #hosts: Semaphore;
  readonly #tracer: Tracer | null;
  readonly #winsSilent = new Map<string, number>();
  readonly #claimed = new Set<string>();
  #toldWins = false;

  constructor(context: RunContext) {
    this.#context = context;
    this.#hosts = new Semaphore(context.job.profile.hostsAtOnce);
    const { packetProber: prober, networkTable: table } = context;
    this.#tracer = context.job.kind === 'map' && prober && table ? new Tracer({ prober, table }) : null;
  }

  /** Addresses that hosts gave themselves and that their names lead to; canonical, each worth asking only if it is in scope. */
  get claimed(): ReadonlySet<string> {
    return this.#claimed;
  }

  /** Tells the host's names, as another host event, and the way to it when there are any. Never rejects. */
  async look(identity: HostIdentity, voice: UnitVoice): Promise<void> {
    if (identity.assumed) return;
    const { signal, log } = this.#context;
    const ends = await Promise.allSettled([this.#name(identity, voice), this.#trace(identity, voice)]);
    for (const end of ends) {
      if (end.status === 'rejected' && !signal.aborted)
        log.write('error', 'engine.closer-look-failed', { message: describeError(end.reason) });
    }
  }

  async #name(identity: HostIdentity, voice: UnitVoice): Promise<void> {
    const { resolver, names } = this.#context;
    // Nobody is to be asked (--no-names): of many hosts that would cost more than finding them.
    if (!resolver && (names?.questions.length ?? 0) === 0 && (names?.winsServers.length ?? 0) === 0) return;
    const resolving = this.#resolve(identity).then((names) => identity.trust(names));
    identity.settlesWith(resolving.then(() => {}));
    const asked = await this.#ask(identity, voice);
    const confirmed = await this.#wins(identity, voice);
    await this.#lookUp(identity);
    if ([await resolving, asked, confirmed].some(Boolean) && voice.open()) voice.tell(identity.fact());
  }

  async #trace(identity: HostIdentity, voice: UnitVoice): Promise<void> {
    const { address, evidence } = identity;
    const way = await this.#tracer?.trace({ address, ...evidence }, this.#context.signal);
    if (way) voice.tell({ type: 'route', address, hops: way.hops.map((hop) => ({ ...hop })), reached: way.reached });
  }

  /** PTR names that lead back to the address. */
  async #resolve(identity: HostIdentity): Promise<readonly HostName[]> {
    const { resolver, signal, clock } = this.#context;
    if (!resolver) return [];
    const leave = await this.#lookUps.enter(signal).catch(() => null);
    if (!leave) return [];
    try {
      const budget = { clock, milliseconds: resolveBudgetMs, signal };
      const asked = await withinBudget(budget, () => resolver.reverse(identity.address, signal));
      const names = asked.state === 'done' ? asked.value : [];
      return names.slice(0, 16).map((name): HostName => ({ name: name.slice(0, 255), source: 'ptr' }));
    } catch {
      return [];
    } finally {
      leave();
    }
  }

  /** Where the host's names lead besides: the way to the IPv6 addresses of hosts whose network is too large to sweep. */
  async #lookUp(identity: HostIdentity): Promise<void> {
    const { resolver, job, signal, clock } = this.#context;
    if (!resolver?.addresses || !job.blocks.some(isWide)) return;
    const names = identity.names.filter(({ name }) => name.includes('.') && !name.endsWith('.local'));
    const leave = await this.#lookUps.enter(signal).catch(() => null);
    if (!leave) return;
    try {
      for (const { name } of names.slice(0, mostLookedUp)) {
        const budget = { clock, milliseconds: resolveBudgetMs, signal };
        const found = await withinBudget(budget, () => resolver.addresses?.(name, signal) ?? Promise.resolve([]));
        if (found.state === 'done') this.#claim(found.value);
      }
    } catch {
      // The run was stopped.
    } finally {
      leave();
    }
  }

  #claim(addresses: readonly string[]): void {
    for (const address of addresses) if (this.#claimed.size < mostClaimed) this.#claimed.add(address);
  }

  /** Asks the host itself. True when something new was learned. */
  async #ask(identity: HostIdentity, voice: UnitVoice): Promise<boolean> {
    const { names, job, signal, clock } = this.#context;
    if (!names || !asksForNames(job)) return false;
    const leave = await this.#hosts.enter(signal).catch(() => null);
    if (!leave) return false;
    const session = this.#context.gate.session(identity.address);
    const tools = { dialer: session.dialer, clock, random: this.#context.random, signal: session.signal };
    let learned = false;
    const put = async (question: NameQuestion) => {
      const answer = await question.ask(identity.address, tools);
      if (answer) learned = this.#take(question, answer, identity, voice) || learned;
    };
    try {
      const budget = { clock, milliseconds: questionsBudgetMs, signal };
      await withinBudget(budget, () => Promise.allSettled(names.questions.map(put)).then((ends) => this.#log(ends)));
    } catch {
      // The run was stopped: what was learned so far is kept.
    } finally {
      session.close();
      leave();
    }
    return learned;
  }

  #take(question: NameQuestion, answer: NameAnswer, identity: HostIdentity, voice: UnitVoice): boolean {
    const { protocol, port } = question;
    // A map has no service phase: what answered here is all that it gets to know of the host's services.
    if (answer.service && this.#context.job.kind === 'map') {
      const reason = protocol === 'udp' ? 'udp-answer' : 'accepted';
      voice.tell({ type: 'port', address: identity.address, protocol, port, state: 'open', reason });
      voice.tell({ type: 'service', address: identity.address, protocol, port, ...answer.service });
    }
    this.#claim(answer.addresses ?? []);
    return identity.learn(answer.names, answer.mac);
  }

  #log(ends: readonly PromiseSettledResult<void>[]): void {
    for (const end of ends) {
      if (end.status === 'rejected' && !this.#context.signal.aborted)
        this.#context.log.write('error', 'engine.name-question-failed', { message: describeError(end.reason) });
    }
  }

  /** Asks the appliance's WINS servers whether they lead the host's names back to it. */
  async #wins(identity: HostIdentity, voice: UnitVoice): Promise<boolean> {
    const { names, job, signal } = this.#context;
    if (!names || names.winsServers.length === 0 || !asksForNames(job) || identity.address.includes(':')) return false;
    let learned = false;
    for (const server of names.winsServers) {
      if (!this.#mayAsk(server, voice) || (this.#winsSilent.get(server) ?? 0) >= winsPatience) continue;
      const session = this.#context.gate.session(server);
      const host = { address: identity.address, suggested: identity.names.map(({ name }) => name) };
      const answer = await winsNames(host, { address: server, dialer: session.dialer }, signal);
      session.close();
      this.#winsSilent.set(server, answer.silent ? (this.#winsSilent.get(server) ?? 0) + 1 : 0);
      learned = identity.learn(answer.names) || learned;
    }
    return learned;
  }

  /** A WINS server is a target like any other: outside the scope of the job it is not asked, which is said once. */
  #mayAsk(server: string, voice: UnitVoice): boolean {
    const parsed = parseIp(server);
    if (parsed.ok && inScope(this.#context.scope.allowed, parsed.value)) return true;
    if (!this.#toldWins) {
      const message = `The WINS server ${server} is not asked for names: it is outside the targets of this job. Add it to them to use it.`;
      voice.tell({ type: 'note', level: 'info', code: 'engine.wins-out-of-scope', message });
    }
    this.#toldWins = true;
    return false;
  }
}
