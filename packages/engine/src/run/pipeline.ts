import { countAddresses, type RangeSet } from '@picket/base/range-set';
import type { IpRange } from '@picket/base/ip';
import type { EngineEventOf, UnitRef } from '@picket/contracts/event';
import { blockSubject } from '@picket/plan/blocks';
import { isWide } from '@picket/plan/wide-range';
import { networkFacts } from '../trace/network-facts.ts';
import { CloserLook } from './closer-look.ts';
import { HostIdentity } from './host-identity.ts';
import { type HostPast, hostPhases, workOnHost } from './host-work.ts';
import { inLanes } from './lanes.ts';
import { knownPart, type NearFindings, searchNear } from './near-search.ts';
import type { FoundHost } from './probe-stages.ts';
import { ProbeTally } from './probe-tally.ts';
import { ResumeIndex } from './resume-index.ts';
import type { HostInWork, RunContext } from './run-context.ts';
import { clip } from '../gate/scope.ts';
import { Semaphore } from './semaphore.ts';
import type { HostName } from './stages.ts';
import type { Closing, UnitEnd, UnitVoice } from './unit-ledger.ts';

/** Most blocks whose discovery runs side by side: single addresses are blocks too. */
const mostBlocksAtOnce = 2048;
/** Hosts found that wait for their turn, before discovery is held back. */
const hostBacklog = 2048;
/** Hosts found whose names are still looked for, before discovery is held back. */
const looksBacklog = 2048;

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
  readonly #looks = new Semaphore(looksBacklog);
  readonly #closer: CloserLook;
  /** Units of blocks that are not closed yet. */
  readonly #blocks = new Set<Promise<void>>();
  #near: Promise<NearFindings> | null = null;
  #macs: ReadonlyMap<string, string> = new Map();
  #toldMode = false;
  #toldSurroundings = false;
  /** Hosts in work. */
  readonly #running = new Set<Promise<void>>();

  constructor(context: RunContext) {
    this.#context = context;
    this.#closer = new CloserLook(context);
    this.#resume = new ResumeIndex(context.job.resume);
    this.#names = namesByAddress(context.job.names);
  }

  async run(): Promise<void> {
    const { job } = this.#context;
    const wide = job.blocks.filter(isWide);
    const swept = job.blocks.filter((block) => !isWide(block));
    await inLanes(swept, blocksAtOnce(this.#context, swept), (block) => this.#block(block));
    // The names of hosts that were found may lead to hosts in ranges that are too large to sweep.
    if (wide.length > 0) await Promise.all(this.#blocks);
    await inLanes(wide, 1, (block) => this.#block(block));
    while (this.#running.size + this.#blocks.size > 0) await Promise.all([...this.#running, ...this.#blocks]);
  }

  async #block(block: IpRange): Promise<void> {
    const unit: UnitRef = { phase: 'discovery', subject: blockSubject(block) };
    if (!this.#context.ledger.hasEnded(unit)) {
      // Names come in beside the scan: the next block does not wait for those of this one.
      const searched = Promise.withResolvers<void>();
      const looks = new Set<Promise<void>>();
      const tally = new ProbeTally();
      const work = async (voice: UnitVoice) => {
        const end = await this.#discover({ block, looks, tally }, voice).finally(searched.resolve);
        await Promise.all(looks);
        return end;
      };
      const closing: Closing = (stop) => ({ probes: tally.figures(stop) });
      this.#track(this.#context.ledger.run(unit, work, closing).finally(searched.resolve), this.#blocks);
      await searched.promise;
      return;
    }
    if (hostPhases(this.#context).length === 0) return;
    for (const known of this.#resume.hostsIn(block, this.#context.scope.allowed)) {
      if (this.#allEnded(known.address)) continue;
      await this.#start(
        { address: known.address, identity: this.#identityOf(known) },
        this.#resume.past(known.address),
      );
    }
  }

  #track(work: Promise<void>, group: Set<Promise<void>>): void {
    const tracked = work.finally(() => group.delete(tracked));
    group.add(tracked);
  }

  async #discover({ block, looks, tally }: BlockInWork, voice: UnitVoice): Promise<UnitEnd> {
    const { scope, stages, signal } = this.#context;
    this.#tellMode(voice);
    this.#tellSurroundings(voice, looks, tally);
    const allowed = clip(scope.allowed, block);
    const addresses = isWide(block) ? await this.#worthAsking(allowed) : allowed;
    const denied = countOf(clip(scope.denied, block));
    const counts = { addresses: countOf(addresses), up: 0, ...(denied > 0 ? { denied } : {}) };
    if (denied > 0) tellDenied(voice, blockSubject(block), denied);
    this.#leaveOut(tally, { denied, allowed: countOf(allowed), asked: counts.addresses });
    if (allowed.length === 0 && denied > 0) {
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
      tally,
      onFound: async (found) => {
        counts.up += 1;
        tally.settle();
        if (found.reason === 'assumed') tally.leaveOut('assumed', 1);
        if (found.reason === 'local') tally.leaveOut('this-machine', 1);
        await this.#found(found, looks, voice);
      },
      onSilent: (address) => {
        tally.settle();
        if (block.first === block.last || this.#names.has(address)) {
          voice.tell({ type: 'host', address, state: 'silent', reason: 'no-answer', ...this.#known(address) });
        }
      },
      onUntested: (_address, detail) => {
        untested.count += 1;
        untested.detail = detail;
        tally.settle();
        tally.leaveOut('local-limit', 1, detail);
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

  /** What is known not to go out before anything does. */
  #leaveOut(
    tally: ProbeTally,
    of: { readonly denied: number; readonly allowed: number; readonly asked: number },
  ): void {
    const { mode, job } = this.#context;
    tally.plan(of.asked);
    if (of.denied > 0) tally.leaveOut('scope-denied', of.denied);
    if (of.allowed > of.asked) tally.leaveOut('too-wide', null);
    if (mode?.name === 'connect' && of.asked > 0 && !job.assumeAlive)
      tally.leaveOut('no-raw-packets', null, mode.message);
  }

  #tellMode(voice: UnitVoice): void {
    const { mode } = this.#context;
    if (this.#toldMode || mode === null) return;
    this.#toldMode = true;
    voice.tell({ type: 'note', level: mode.level, code: 'engine.mode', message: `${mode.name}: ${mode.message}` });
  }

  /** Once a run: where the targets of a map lie, as seen from here, and what the links around told. */
  #tellSurroundings(voice: UnitVoice, looks: BlockInWork['looks'], tally: ProbeTally): void {
    const { job, networkTable, scope } = this.#context;
    if (this.#toldSurroundings) return;
    this.#toldSurroundings = true;
    if (job.kind === 'map' && networkTable)
      for (const fact of networkFacts(networkTable, scope.allowed)) voice.tell(fact);
    const onIpv6 = scope.allowed.some(({ family }) => family === 6);
    const onSent = () => tally.add({ kind: 'icmpv6-multicast', sent: 1 });
    if (onIpv6 && (job.kind === 'map' || job.blocks.some(isWide))) this.#near = searchNear(this.#context, onSent);
    const tell = async (near: Promise<NearFindings>) => {
      for (const fact of (await near).facts) voice.tell(fact);
    };
    if (this.#near) this.#track(tell(this.#near), looks);
  }

  /** Of a range that is too large to sweep: the neighbours that spoke, and where names lead. */
  async #worthAsking(allowed: RangeSet): Promise<RangeSet> {
    const near = await this.#near;
    this.#macs = near?.macs ?? this.#macs;
    return knownPart(allowed, [...(near?.worthAsking ?? []), ...this.#closer.claimed]);
  }

  async #found(found: FoundHost, looks: BlockInWork['looks'], voice: UnitVoice): Promise<void> {
    const identity = this.#identityOf({ ...found, names: this.#names.get(found.address) ?? [] });
    voice.tell(identity.fact());
    if (!voice.open()) return;
    const leave = await this.#looks.enter(this.#context.signal).catch(() => () => {});
    this.#track(this.#closer.look(identity, voice).finally(leave), looks);
    if (hostPhases(this.#context).length === 0) return;
    const { address, rttMs, scanned } = found;
    const host: HostInWork = {
      address,
      identity,
      ...(scanned === undefined ? {} : { scanned }),
      ...(rttMs === undefined ? {} : { rttHintMs: rttMs }),
    };
    await this.#start(host, this.#resume.past(address));
  }

  #identityOf(
    known: Pick<EngineEventOf<'host'>, 'address' | 'reason' | 'port' | 'rttMs' | 'mac'> & {
      readonly names?: readonly HostName[] | undefined;
    },
  ): HostIdentity {
    const { address, reason, port, rttMs, mac, names = [] } = known;
    const evidence = { reason, ...(port === undefined ? {} : { port }), ...(rttMs === undefined ? {} : { rttMs }) };
    const seen = mac ?? this.#macs.get(address);
    return new HostIdentity({
      address,
      evidence,
      names,
      mac: seen,
      vendorOf: this.#context.names?.vendorOf ?? (() => null),
    });
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
    this.#track(work(), this.#running);
  }

  #allEnded(address: string): boolean {
    return hostPhases(this.#context).every((phase) => this.#context.ledger.hasEnded({ phase, subject: address }));
  }

  #known(address: string): { names?: HostName[] } {
    const names = this.#names.get(address);
    return names ? { names: [...names] } : {};
  }
}

/** A block under search, and the closer looks at its hosts: its unit ends when all of them have. */
interface BlockInWork {
  readonly block: IpRange;
  readonly looks: Set<Promise<void>>;
  readonly tally: ProbeTally;
}

/** As many as the addresses that the stage can hold, so that a /8 costs no more memory than a /16. */
function blocksAtOnce({ stages }: RunContext, blocks: readonly IpRange[]): number {
  const size = Number(countAddresses(blocks)) / Math.max(1, blocks.length);
  return Math.max(1, Math.min(mostBlocksAtOnce, Math.floor(stages.addressesAtOnce / Math.max(1, size))));
}

/** Of a range too large to count exactly, as large a number as is exact. */
function countOf(set: RangeSet): number {
  const count = countAddresses(set);
  return count > BigInt(Number.MAX_SAFE_INTEGER) ? Number.MAX_SAFE_INTEGER : Number(count);
}

function tellDenied(voice: UnitVoice, subject: string, denied: number): void {
  const message = `${denied} addresses of ${subject} are left out: the appliance's local allow-list does not have them`;
  voice.tell({ type: 'note', level: 'warning', code: 'engine.scope-denied', message });
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
