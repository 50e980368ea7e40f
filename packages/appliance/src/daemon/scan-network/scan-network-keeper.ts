import type { PollAnswer, PollRequest } from '@picket/contracts/poll';
import type { ScanNetwork, ScanNetworkReport } from '@picket/contracts/scan-network';
import type { ScanNetworkHelper } from './scan-network-helper.ts';

export interface ScanNetworkKeeperDeps {
  /** Null: nobody manages the network of this machine. */
  readonly helper: ScanNetworkHelper | null;
  /** The report changed: the platform should hear of it soon. */
  readonly onChange: () => void;
}

/** Polls that may fail before a document is taken back, and the least time that they are given, seconds. */
const pollsToConfirm = 3;
const leastSeconds = 120;
const mostSeconds = 86_400;
const detailLimit = 512;
const messageLimit = 256;

/**
 * Takes the platform's document of VLANs, routes and IPv6 to the network helper, confirms it with the first poll that was answered
 * while it was in force, and knows what to report of it. The helper takes back by itself what is not confirmed.
 */
export class ScanNetworkKeeper {
  readonly #deps: ScanNetworkKeeperDeps;
  #report: ScanNetworkReport | undefined;
  #applying: PollRequest['applying'];
  /** In force, and no poll was answered since. */
  #waiting: number | null = null;
  /** One thing at a time: answers come faster than a helper works. */
  #work: Promise<void> = Promise.resolve();
  #tasks = 0;

  constructor(deps: ScanNetworkKeeperDeps) {
    this.#deps = deps;
  }

  /** What to say in the next poll. */
  get report(): ScanNetworkReport | undefined {
    return this.#report;
  }

  /** The document that is being brought into force, where that takes long. */
  get applying(): PollRequest['applying'] {
    return this.#applying;
  }

  /** Learns what is in force, before the first poll. */
  async start(): Promise<void> {
    const { helper } = this.#deps;
    if (helper === null) return;
    await this.#look(helper);
  }

  /**
   * A poll was answered; `said` is what it said of the document. Only an answer to a poll that named the document tells that the platform is reached
   * with it: one that was held at the platform meanwhile may come in though nothing goes out any more.
   */
  take(answer: PollAnswer, said: ScanNetworkReport | undefined): Promise<void> {
    const { scanNetwork: document, pollIntervalSeconds } = answer.settings;
    const isIdle = this.#tasks === 0;
    this.#tasks += 1;
    const work = this.#work.then(async () => {
      const { helper } = this.#deps;
      if (helper !== null && this.#waiting !== null && said?.generation === this.#waiting)
        await this.#confirm(helper, this.#waiting);
      if (document === undefined || document.generation === this.#report?.generation) {
        // A server that does not answer is known only after a while, and may answer tomorrow.
        if (helper !== null && isIdle && this.#report?.state === 'applied') await this.#look(helper);
        return;
      }
      if (helper === null) this.#tell({ generation: document.generation, state: 'unsupported' });
      else await this.#offer(helper, document, pollIntervalSeconds);
    });
    this.#work = work.finally(() => {
      this.#tasks -= 1;
    });
    return this.#work;
  }

  async #offer(helper: ScanNetworkHelper, document: ScanNetwork, pollSeconds: number): Promise<void> {
    const seconds = Math.min(mostSeconds, Math.max(leastSeconds, pollsToConfirm * pollSeconds));
    const { generation } = document;
    const done = await helper.offer(document, seconds, (message) => {
      this.#applying = { generation, message: message.slice(0, messageLimit) };
      this.#deps.onChange();
    });
    this.#applying = undefined;
    if (!done.ok) {
      this.#tell({ generation, state: 'refused', detail: done.error.slice(0, detailLimit) });
      return;
    }
    this.#waiting = generation;
    this.#tell({ generation, state: 'applied' });
  }

  async #confirm(helper: ScanNetworkHelper, generation: number): Promise<void> {
    this.#waiting = null;
    await helper.confirm(generation);
    // It may have been taken back before this poll came through: then the word `applied` was wrong.
    await this.#look(helper);
  }

  async #look(helper: ScanNetworkHelper): Promise<void> {
    const state = await helper.state();
    if (!state.ok) return;
    const { generation, refusedGeneration, unconfirmed, trouble } = state.value;
    if (refusedGeneration !== null && refusedGeneration > generation) {
      this.#tell({
        generation: refusedGeneration,
        state: 'rolled-back',
        detail: 'The platform could not be reached with it; what was in force before is in force again.',
      });
      return;
    }
    if (unconfirmed) this.#waiting = generation;
    const detail = trouble.join('; ').slice(0, detailLimit);
    if (generation > 0) this.#tell({ generation, state: 'applied', ...(detail === '' ? {} : { detail }) });
  }

  #tell(report: ScanNetworkReport): void {
    const changed = JSON.stringify(report) !== JSON.stringify(this.#report);
    this.#report = report;
    if (changed) this.#deps.onChange();
  }
}
