import type { Clock } from '@picket/base/clock';
import { describeError } from '@picket/base/error';
import type { Log } from '@picket/base/log';
import { type HelperAnswer, type HelperRequest, withStoredPassword } from './helper-messages.ts';
import { confirm, factoryDocument, type NetworkDocument, offer, takeBack, withSettings } from './network-document.ts';
import type { NetworkFacts } from './network-facts.ts';
import { factorySettings, type NetworkSettings, networkSettings, settingsDocument } from './network-settings.ts';
import { describeWhole } from './describe-whole.ts';
import type { Reconciler } from './reconciler.ts';
import { changeProblems, settingsProblems } from './settings-problems.ts';

export interface NetworkHelperDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly reconciler: Reconciler;
  readonly kind: 'physical' | 'virtual';
  /** Durable: after it resolves, a crash leaves this document. */
  readonly save: (document: NetworkDocument) => Promise<void>;
  /** Renews a port's lease. */
  readonly renew: (port: 'lan' | 'wan') => Promise<void>;
  /** Null: this process may not end the machine it runs on. */
  readonly power: ((what: 'shutdown' | 'reboot') => Promise<string | null>) | null;
}

const notRead = 'the network was not read yet: see the log of the network helper';
/** Between two looks at the kernel while nothing happens, milliseconds. */
const turnMs = 3000;
/** Thousands of VLANs take a while to look at: of the time at rest no more than a tenth goes into that. Changes and waits of a turn do not count. */
const restFactor = 9;
const mostRestMs = 30_000;

/** Keeps one document in force: applies it, answers who asks, takes back what nobody confirms. */
export class NetworkHelper {
  readonly #deps: NetworkHelperDeps;
  #document: NetworkDocument;
  #deadline: number | null = null;
  #queue: Promise<unknown> = Promise.resolve();
  #wake: () => void = () => {};
  #isWoken = false;

  constructor(deps: NetworkHelperDeps, stored: NetworkDocument | null) {
    this.#deps = deps;
    this.#document = stored ?? factoryDocument;
    this.#armDeadline();
  }

  /** Something was learned: look at once. */
  wake(): void {
    this.#isWoken = true;
    this.#wake();
  }

  /** Applies and watches until the signal. */
  async run(signal: AbortSignal): Promise<void> {
    let first = true;
    while (!signal.aborted) {
      this.#isWoken = false;
      await this.#inTurn(() => this.#turn());
      // What was stored before the start is in force only now.
      if (first) this.#armDeadline();
      first = false;
      // What is learned during a turn may be too late for it.
      if (this.#isWoken) continue;
      const woken = new AbortController();
      this.#wake = () => woken.abort();
      await this.#deps.clock.sleep(this.#restMs(), AbortSignal.any([signal, woken.signal])).catch(() => {});
    }
  }

  /** Answers one request. Never rejects. */
  async handle(request: HelperRequest): Promise<HelperAnswer> {
    const answer = async (): Promise<HelperAnswer> => {
      try {
        return await this.#answer(request);
      } catch (error) {
        this.#deps.log.write('warning', 'network.request-failed', { type: request.type, detail: describeError(error) });
        return { id: request.id, type: 'refused', message: describeError(error), saved: false, problems: [] };
      }
    };
    // The daemon's connections wait for this one: it is what is stored, whatever is being applied.
    return request.type === 'proxy' ? answer() : this.#inTurn(answer);
  }

  /** What it is at, for whoever waits for an answer. */
  get working(): string {
    const { progress } = this.#deps.reconciler;
    if (progress === null) return 'the network is being looked at';
    const { generation, vlans, routes } = this.#document.scanNetwork;
    const what = generation === 0 ? 'the settings' : `${vlans.length} VLANs and ${routes.length} routes`;
    return `${what} are being applied: ${progress.done} of ${progress.of} steps are done`;
  }

  /** A change that nobody confirmed is taken back in time all the same. */
  #restMs(): number {
    const restMs = Math.min(mostRestMs, Math.max(turnMs, restFactor * this.#deps.reconciler.lookMs));
    return this.#deadline === null
      ? restMs
      : Math.max(0, Math.min(restMs, this.#deadline - this.#deps.clock.monotonic()));
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#queue.then(work);
    this.#queue = done.catch(() => {});
    return done;
  }

  async #turn(): Promise<void> {
    const { clock, log, reconciler } = this.#deps;
    try {
      if (this.#deadline !== null && clock.monotonic() >= this.#deadline) {
        log.write('warning', 'network.taken-back', { generation: this.#document.scanNetwork.generation });
        await this.#keep(takeBack(this.#document));
      }
      await reconciler.apply(this.#document);
    } catch (error) {
      log.write('error', 'network.apply-failed', { detail: describeError(error) });
    }
  }

  async #answer(request: HelperRequest): Promise<HelperAnswer> {
    const { id } = request;
    const { reconciler } = this.#deps;
    const applied = (): HelperAnswer => ({ id, type: 'applied', problems: settingsProblems(this.#document.settings) });
    switch (request.type) {
      case 'get': {
        const facts = await reconciler.facts(this.#document);
        return {
          id,
          type: 'network',
          settings: withoutPassword(this.#document.settings),
          ports: reconciler.ports ?? { lan: '', wan: null },
          state: facts === null ? null : { lan: facts.lan, wan: facts.wan },
          kind: this.#deps.kind,
        };
      }
      case 'facts':
        return { id, type: 'facts', facts: await this.#facts() };
      case 'describe': {
        const facts = await this.#facts();
        const last = reconciler.last;
        if (last === null) throw new Error(notRead);
        const view = { kind: this.#deps.kind, document: this.#document, facts, ...last };
        return { id, type: 'description', network: describeWhole(view, request.targets) };
      }
      case 'proxy': {
        const { proxy } = this.#document.settings;
        const password = proxy?.password?.reveal() ?? null;
        return { id, type: 'proxy', proxy: proxy === null ? null : { ...proxy, password } };
      }
      case 'apply':
        return this.#applySettings(id, request.settings);
      case 'set-link': {
        const { settings } = this.#document;
        await this.#change(
          withSettings(this.#document, { ...settings, links: { ...settings.links, [request.port]: request.mode } }),
        );
        return applied();
      }
      case 'reset':
        await this.#change(withSettings(this.#document, factorySettings));
        return applied();
      case 'renew':
        await this.#deps.renew(request.port);
        return applied();
      case 'scan-network':
        await this.#change(offer(this.#document, request.document, request.confirmWithinSeconds));
        // Thousands of VLANs take longer to make than there is to confirm them.
        this.#armDeadline();
        return applied();
      case 'confirm':
        await this.#keep(confirm(this.#document, request.generation));
        return applied();
      case 'shutdown':
      case 'reboot':
        return this.#power(id, request.type);
    }
  }

  async #facts(): Promise<NetworkFacts> {
    await this.#turn();
    const facts = await this.#deps.reconciler.facts(this.#document);
    if (facts === null) throw new Error(notRead);
    return facts;
  }

  async #applySettings(id: number, sent: unknown): Promise<HelperAnswer> {
    const before = this.#document.settings;
    const parsed = networkSettings.safeParse(withStoredPassword(sent, before.proxy?.password?.reveal() ?? null));
    const refused = (message: string, problems: ReturnType<typeof settingsProblems>): HelperAnswer => ({
      id,
      type: 'refused',
      message,
      saved: false,
      problems,
    });
    if (!parsed.success) {
      const issue = parsed.error.issues[0];
      return refused(`The settings are not understood: ${issue?.path.join('.')}: ${issue?.message}.`, []);
    }
    const settings = parsed.data;
    const { lanAddress, ports } = this.#deps.reconciler;
    if (settings.wan !== null && ports?.wan === null) return refused('This appliance has no WAN port.', []);
    const problems = [...settingsProblems(settings), ...changeProblems(before, settings, lanAddress)].filter(
      ({ refuse }) => refuse,
    );
    if (problems[0] !== undefined) return refused(problems[0].message, problems);
    await this.#change(withSettings(this.#document, settings));
    return { id, type: 'applied', problems: settingsProblems(settings) };
  }

  async #power(id: number, what: 'shutdown' | 'reboot'): Promise<HelperAnswer> {
    const refused = (message: string): HelperAnswer => ({ id, type: 'refused', message, saved: false, problems: [] });
    if (this.#deps.power === null) return refused(`This process does not own its machine, so it can not ${what} it.`);
    const message = await this.#deps.power(what);
    return message === null ? { id, type: 'applied', problems: [] } : refused(message);
  }

  async #change(next: NetworkDocument): Promise<void> {
    await this.#keep(next);
    await this.#turn();
  }

  async #keep(next: NetworkDocument): Promise<void> {
    if (next === this.#document) return;
    await this.#deps.save(next);
    const rearm = next.pending !== null && next.scanNetwork.generation !== this.#document.scanNetwork.generation;
    this.#document = next;
    if (rearm || next.pending === null) this.#armDeadline();
    // The loop may be in a rest that is longer than that.
    if (rearm) this.wake();
  }

  /** Also after a restart: an unconfirmed change gets its whole time again, and no more. */
  #armDeadline(): void {
    const { pending } = this.#document;
    this.#deadline = pending === null ? null : this.#deps.clock.monotonic() + pending.confirmWithinSeconds * 1000;
  }
}

function withoutPassword(settings: NetworkSettings): unknown {
  const { proxy } = settings;
  if (proxy === null) return settingsDocument(settings);
  return { ...settings, proxy: { ...proxy, password: proxy.password === null ? null : { stored: true } } };
}
