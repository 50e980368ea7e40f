import { countAddresses } from '@picket/base/range-set';
import type { IpRange } from '@picket/base/ip';
import type { EngineEventOf, UnitRef } from '@picket/contracts/event';
import { blockSubject } from '@picket/plan/blocks';
import { type HostPast, hostPhases, workOnHost } from './host-work.ts';
import { inLanes } from './lanes.ts';
import type { FoundHost } from './probe-stages.ts';
import { ResumeIndex } from './resume-index.ts';
import type { HostInWork, RunContext } from './run-context.ts';
import { clip } from '../gate/scope.ts';
import { Semaphore } from './semaphore.ts';
import type { HostName } from './stages.ts';
import type { UnitEnd, UnitVoice } from './unit-ledger.ts';

/** Blocks whose discovery runs side by side: single addresses are blocks too. */
const blocksAtOnce = 64;
/** Hosts found that wait for their turn, before discovery is held back. */
const hostBacklog = 2048;
/** Longest wait for the names of a host, milliseconds. */
const resolveBudgetMs = 2000;

/**
 * Runs a job: discovery of block after block, and beside it each host found through its phases. Resolves when every
 * unit has ended or the run was stopped; never rejects.
 */
export async function runPipeline(context: RunContext): Promise<void> {
  await new Pipeline(context).run();
}

class Pipeline {
  readonly #context: RunContext;
  readonly #resume: ResumeIndex;
  readonly #names: ReadonlyMap<string, readonly HostName[]>;
  readonly #backlog = new Semaphore(hostBacklog);
  readonly #hosts = new Set<Promise<void>>();

  constructor(context: RunContext) {
    this.#context = context;
    this.#resume = new ResumeIndex(context.job.resume);
    this.#names = namesByAddress(context.job.names);
  }

  async run(): Promise<void> {
    await inLanes(this.#context.job.blocks, blocksAtOnce, (block) => this.#block(block));
    while (this.#hosts.size > 0) await Promise.all(this.#hosts);
  }

  async #block(block: IpRange): Promise<void> {
    const unit: UnitRef = { phase: 'discovery', subject: blockSubject(block) };
    if (!this.#context.ledger.hasEnded(unit)) {
      await this.#context.ledger.run(unit, (voice) => this.#discover(block, voice));
      return;
    }
    if (hostPhases(this.#context).length === 0) return;
    for (const known of this.#resume.hostsIn(block, this.#context.scope.allowed)) {
      if (this.#allEnded(known.address)) continue;
      await this.#start(hostOf(known), this.#resume.past(known.address));
    }
  }

  async #discover(block: IpRange, voice: UnitVoice): Promise<UnitEnd> {
    const { scope, stages, signal } = this.#context;
    const addresses = clip(scope.allowed, block);
    const denied = Number(countAddresses(clip(scope.denied, block)));
    const counts = { addresses: Number(countAddresses(addresses)), up: 0, ...(denied > 0 ? { denied } : {}) };
    if (denied > 0) tellDenied(voice, blockSubject(block), denied);
    if (counts.addresses === 0 && denied > 0) {
      return {
        state: 'not-evaluable',
        reason: 'scope-denied',
        detail: "the appliance's local allow-list forbids all of it",
        counts,
      };
    }
    const untested = { count: 0, detail: '' };
    await stages.discover({
      block,
      addresses,
      signal,
      onFound: async (found) => {
        counts.up += 1;
        await this.#found(found, voice);
      },
      onSilent: (address) => {
        if (block.first === block.last || this.#names.has(address)) {
          voice.tell({ type: 'host', address, state: 'silent', reason: 'no-answer', ...this.#known(address) });
        }
      },
      onUntested: (_address, detail) => {
        untested.count += 1;
        untested.detail = detail;
      },
    });
    if (untested.count === 0) return { state: 'done', counts };
    return {
      state: 'not-evaluable',
      reason: 'local-limit',
      detail: `${untested.count} addresses were not asked: ${untested.detail}`,
      counts,
    };
  }

  async #found(found: FoundHost, voice: UnitVoice): Promise<void> {
    const names = [...(this.#names.get(found.address) ?? []), ...(await this.#resolve(found))];
    const { address, reason, port, rttMs, scanned } = found;
    voice.tell({
      type: 'host',
      address,
      state: 'up',
      reason,
      ...(port === undefined ? {} : { port }),
      ...(rttMs === undefined ? {} : { rttMs }),
      ...(names.length > 0 ? { names } : {}),
    });
    if (!voice.open() || hostPhases(this.#context).length === 0) return;
    const host: HostInWork = {
      address,
      names,
      assumed: reason === 'assumed',
      ...(scanned === undefined ? {} : { scanned }),
      ...(rttMs === undefined ? {} : { rttHintMs: rttMs }),
    };
    await this.#start(host, this.#resume.past(address));
  }

  /** Waits for a place in the backlog and then lets the host go its way. After a stop it still says what becomes of it. */
  async #start(host: HostInWork, past: HostPast): Promise<void> {
    const { signal, hostPlaces } = this.#context;
    const leaveBacklog = await this.#backlog.enter(signal).catch(() => () => {});
    const work = async () => {
      const leave = await hostPlaces.enter(signal).catch(() => () => {});
      leaveBacklog();
      await workOnHost(this.#context, host, past).finally(leave);
    };
    const running = work().finally(() => this.#hosts.delete(running));
    this.#hosts.add(running);
  }

  #allEnded(address: string): boolean {
    return hostPhases(this.#context).every((phase) => this.#context.ledger.hasEnded({ phase, subject: address }));
  }

  #known(address: string): { names?: HostName[] } {
    const names = this.#names.get(address);
    return names ? { names: [...names] } : {};
  }

  /** PTR names, bounded in time and number; assumed hosts may not exist, so nobody asks for them. */
  async #resolve(found: FoundHost): Promise<readonly HostName[]> {
    const { resolver, resolverPlaces, signal, clock } = this.#context;
    if (!resolver || found.reason === 'assumed') return [];
    const leave = await resolverPlaces.enter(signal);
    const enough = new AbortController();
    try {
      const answer = resolver.reverse(found.address, AbortSignal.any([signal, enough.signal])).catch(() => []);
      const tooLate = clock.sleep(resolveBudgetMs, enough.signal).then(
        () => [],
        () => [],
      );
      const names: readonly string[] = await Promise.race([answer, tooLate]);
      return names.slice(0, 16).map((name): HostName => ({ name: name.slice(0, 255), source: 'ptr' }));
    } finally {
      enough.abort();
      leave();
    }
  }
}

function tellDenied(voice: UnitVoice, subject: string, denied: number): void {
  const message = `${denied} addresses of ${subject} are left out: the appliance's local allow-list does not have them`;
  voice.tell({ type: 'note', level: 'warning', code: 'engine.scope-denied', message });
}

function hostOf(known: EngineEventOf<'host'>): HostInWork {
  return {
    address: known.address,
    names: known.names ?? [],
    assumed: known.reason === 'assumed',
    ...(known.rttMs === undefined ? {} : { rttHintMs: known.rttMs }),
  };
}

function namesByAddress(pinned: RunContext['job']['names']): ReadonlyMap<string, readonly HostName[]> {
  const byAddress = new Map<string, HostName[]>();
  for (const { name, addresses } of pinned) {
    for (const address of addresses) {
      const names = byAddress.get(address) ?? [];
      if (names.length < 32) names.push({ name, source: 'target' });
      byAddress.set(address, names);
    }
  }
  return byAddress;
}
