import { join } from 'node:path';
import { type Clock, isoTime } from '@picket/base/clock';
import type { Log } from '@picket/base/log';
import { isTaken } from './adapters/address-probe.ts';
import { awaitAddresses } from './adapters/await-addresses.ts';
import { applySteps } from './adapters/apply-steps.ts';
import { isInMode, type LinkState, readLink, setLink } from './adapters/link-mode.ts';
import { readKernel } from './adapters/read-kernel.ts';
import { ipIn, type Spaces } from './adapters/spaces.ts';
import type { RunTool } from './adapters/tool.ts';
import type { ApplianceMarker } from './appliance-marker.ts';
import type { Clients } from './clients.ts';
import { describeNetwork } from './describe-network.ts';
import { diffNetwork } from './diff-network.ts';
import { findPorts, type Ports } from './find-ports.ts';
import type { Observed, SpaceName } from './kernel-state.ts';
import type { NetworkDocument } from './network-document.ts';
import type { NetworkFacts } from './network-facts.ts';
import { layoutFile, type NetworkLayout } from './network-layout.ts';
import type { ClientPlan, NetworkPlan } from './network-plan.ts';
import type { LinkMode } from './network-settings.ts';
import { describeStep, type NetworkStep, type StepFailure } from './network-step.ts';
import { planNetwork } from './plan-network.ts';
import { resolverText } from './resolver-text.ts';

export interface ReconcilerDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly run: RunTool;
  readonly spaces: Spaces;
  readonly marker: ApplianceMarker;
  readonly clients: Clients;
  /** Gets the layout and, in a folder of their own, `scan.conf` and `management.conf`, each a resolv.conf. */
  readonly runFolder: string;
  readonly writeFile: (path: string, text: string) => Promise<void>;
  /** The same for a resolv.conf, which programs that run have mounted: it stays the same file. */
  readonly writeResolver: (path: string, text: string) => Promise<void>;
}

/** Steps that are done, of those that brought the kernel nearer to the document at the last comparison. */
export interface ApplyProgress {
  readonly done: number;
  readonly of: number;
}

/** Comparisons after which steps that do not help are given up until the next turn. */
const mostRounds = 6;
/** A taken address is asked for again after this, milliseconds. */
const askAgainMs = 30_000;
/** Steps that did not help are tried again after this, milliseconds. */
const stuckMs = 60_000;

/** Brings the kernel to what a document says, and tells what it is. One call at a time. */
export class Reconciler {
  readonly #deps: ReconcilerDeps;
  #ports: Ports | null = null;
  #wanIsMissing = false;
  #last: { plan: NetworkPlan; observed: Observed } | null = null;
  readonly #carrier = new Map<string, boolean>();
  readonly #probedAt = new Map<string, number>();
  readonly #conflicts = new Set<string>();
  /** IPv6 addresses that another machine has, and since when that is known. */
  readonly #duplicates = new Map<string, number>();
  readonly #links = new Map<string, LinkState>();
  readonly #refusedModes = new Map<string, string>();
  readonly #triedModes = new Map<string, LinkMode>();
  #failed: readonly StepFailure[] = [];
  #stuck: { readonly steps: string; readonly until: number } | null = null;
  readonly #files = new Map<string, string>();
  #progress: ApplyProgress | null = null;
  #lookMs = 0;

  constructor(deps: ReconcilerDeps) {
    this.#deps = deps;
  }

  /** Addresses of LAN, for what must be known at a change; null without one. */
  get lanAddress(): { readonly address: string; readonly prefixLength: number } | null {
    const cidr = this.#last?.plan.spaces.scan.devices.flatMap(({ addresses }) => addresses)[0];
    const [address = '', length = ''] = cidr?.split('/') ?? [];
    return address === '' ? null : { address, prefixLength: Number(length) };
  }

  get ports(): Ports | null {
    return this.#ports;
  }

  /** What is being applied just now; null: nothing. */
  get progress(): ApplyProgress | null {
    return this.#progress;
  }

  /** How long it took to look at the kernel the last time, milliseconds. */
  get lookMs(): number {
    return this.#lookMs;
  }

  /** Applies the document. Steps that fail are told in the facts and tried again at the next call. */
  async apply(document: NetworkDocument): Promise<void> {
    const { clients, clock, log, run, spaces } = this.#deps;
    let failures: readonly StepFailure[] = [];
    let before = '';
    for (let round = 0; round < mostRounds; round += 1) {
      const { plan, observed } = await this.#compare(document);
      await clients.stopOthers(this.#clientsOf(plan));
      const probed = await this.#probe(document, plan, observed);
      const steps = this.#withoutUnasked(
        diffNetwork(plan, observed, this.#ports?.wan ?? null),
        plan,
        document,
        observed,
      );
      const now = JSON.stringify(steps);
      if (!probed && (steps.length === 0 || now === before || this.#isStuck(now))) {
        if (steps.length === 0) this.#stuck = null;
        else if (now === before) this.#stuck = { steps: now, until: clock.monotonic() + stuckMs };
        else failures = this.#failed;
        break;
      }
      before = now;
      if (steps.length === 0) continue;
      log.write('info', 'network.apply', { steps: steps.length, first: describeStep(steps[0] as NetworkStep) });
      this.#progress = { done: 0, of: steps.length };
      failures = await applySteps(run, spaces, steps, (done) => {
        this.#progress = { done, of: steps.length };
      }).finally(() => {
        this.#progress = null;
      });
      for (const { step, message } of failures.slice(0, 5))
        log.write('warning', 'network.step-failed', { step: describeStep(step), message });
    }
    await this.#awaitAddresses(document);
    const plan = this.#last?.plan;
    if (plan === undefined) return;
    this.#failed = failures;
    await this.#setModes(plan, document);
    await this.#watchCarriers(plan);
    clients.startMissing(this.#clientsOf(plan));
    await clients.tick();
    await this.#writeFiles(plan);
  }

  /** The kernel and what is planned for it, as of now. */
  async facts(document: NetworkDocument): Promise<NetworkFacts | null> {
    const ports = this.#ports;
    if (ports === null || this.#last === null) return null;
    const { clients, clock } = this.#deps;
    return describeNetwork({
      at: isoTime(clock.now()),
      document,
      plan: this.#last.plan,
      observed: this.#last.observed,
      learned: this.#learned(),
      ports,
      links: this.#links,
      refusedModes: this.#refusedModes,
      clientState: (key) => clients.state(key),
      failures: this.#failed.map(({ step, message }) => `${describeStep(step)}: ${message}`),
    });
  }

  /** What was planned last, and what the kernel was when it was compared with it; null before the first time. */
  get last(): { readonly plan: NetworkPlan; readonly observed: Observed } | null {
    return this.#last;
  }

  #learned() {
    const { leases, leases6, advertisements } = this.#deps.clients;
    return { leases, leases6, advertisements, conflicts: this.#conflicts };
  }

  /** Steps that failed and left everything as it was are not tried at every turn. */
  #isStuck(steps: string): boolean {
    return this.#stuck?.steps === steps && this.#deps.clock.monotonic() < this.#stuck.until;
  }

  async #compare(document: NetworkDocument): Promise<{ plan: NetworkPlan; observed: Observed }> {
    const { run, spaces, marker, clock } = this.#deps;
    const began = clock.monotonic();
    this.#ports ??= findPorts(marker.ports, await readKernel(run, spaces, { scan: [], management: [] }), null);
    const plan = planNetwork({
      settings: document.settings,
      scanNetwork: document.scanNetwork,
      ports: this.#ports,
      managementUid: marker.managementUid,
      learned: this.#learned(),
    });
    const paths = (space: SpaceName) => [...(plan.spaces[space]?.sysctls.keys() ?? [])];
    const observed = await readKernel(run, spaces, { scan: paths('scan'), management: paths('management') });
    this.#lookMs = clock.monotonic() - began;
    // Before a port is missed: that is what the facts have to tell.
    this.#last = { plan, observed };
    this.#ports = findPorts(marker.ports, observed, this.#ports);
    this.#noteWan(this.#ports.wan, observed);
    return { plan, observed };
  }

  #noteWan(wan: string | null, { scan, management }: Observed): void {
    const devices = [...scan.devices, ...(management?.devices ?? [])];
    const isMissing = wan !== null && !devices.some(({ device }) => device === wan);
    if (isMissing !== this.#wanIsMissing)
      this.#deps.log.write('warning', 'network.wan-port', { isMissing, device: wan });
    this.#wanIsMissing = isMissing;
  }

  /** Programs that ask on a port that is not there would only end, again and again. */
  #clientsOf(plan: NetworkPlan): readonly ClientPlan[] {
    return this.#wanIsMissing ? plan.clients.filter(({ device }) => device !== this.#ports?.wan) : plan.clients;
  }

  /** Asks the link for static IPv4 addresses before they are used, and again when the cable was out. True: something was learned. */
  async #probe(document: NetworkDocument, plan: NetworkPlan, observed: Observed): Promise<boolean> {
    const { clock, run, spaces } = this.#deps;
    let learned = false;
    for (const { space, device, address } of fixedAddresses(document, plan)) {
      const seen = observed[space]?.devices.find((each) => each.device === device);
      const key = `${device} ${address}`;
      if (seen?.carrier !== true) {
        this.#probedAt.delete(key);
        continue;
      }
      const at = this.#probedAt.get(key);
      const again = this.#conflicts.has(address) && at !== undefined && clock.monotonic() - at > askAgainMs;
      if (at !== undefined && !again) continue;
      const taken = await isTaken(run, spaces, { space, device }, address);
      this.#probedAt.set(key, clock.monotonic());
      learned ||= taken !== this.#conflicts.has(address) || at === undefined;
      if (taken) this.#conflicts.add(address);
      else this.#conflicts.delete(address);
    }
    return learned;
  }

  /** Addresses of IPv6 that were just set are no use before the kernel has asked for them; one that another machine has is asked for again later. */
  async #awaitAddresses(document: NetworkDocument): Promise<void> {
    const { run, spaces, clock, log } = this.#deps;
    for (const space of ['scan', 'management'] as const) {
      const waiting = this.#plannedIpv6(space).filter(({ seen }) => seen.tentative && !seen.duplicate);
      if (waiting.length === 0) continue;
      await awaitAddresses(run, spaces, clock, space, new Set(waiting.map(({ key }) => key)));
      await this.#compare(document);
    }
    for (const space of ['scan', 'management'] as const) {
      for (const { key, device, seen } of this.#plannedIpv6(space)) {
        const since = this.#duplicates.get(key);
        if (!seen.duplicate) this.#duplicates.delete(key);
        else if (since === undefined) {
          this.#duplicates.set(key, clock.monotonic());
          log.write('warning', 'network.address-taken', { device, address: seen.cidr });
        } else if (clock.monotonic() - since > askAgainMs) {
          this.#duplicates.delete(key);
          // The next comparison sets it anew, and the kernel asks anew.
          await run([...ipIn(spaces, space), '-6', 'addr', 'del', seen.cidr, 'dev', device]);
        }
      }
    }
  }

  /** The planned IPv6 addresses of a space that are there, on interfaces with a carrier. */
  #plannedIpv6(space: SpaceName) {
    const last = this.#last;
    return (last?.plan.spaces[space]?.devices ?? []).flatMap(({ device, addresses }) => {
      const port = last?.observed[space]?.devices.find((each) => each.device === device);
      if (port?.carrier !== true) return [];
      return port.addresses
        .filter(({ cidr, family }) => family === 6 && addresses.includes(cidr))
        .map((seen) => ({ key: `${device} ${seen.cidr}`, device, seen }));
    });
  }

  /** An address that nobody was asked for yet waits until its interface is up; without a carrier there is nobody to ask. */
  #withoutUnasked(
    steps: NetworkStep[],
    plan: NetworkPlan,
    document: NetworkDocument,
    observed: Observed,
  ): NetworkStep[] {
    const waiting = fixedAddresses(document, plan).filter(({ space, device, address }) => {
      const seen = observed[space]?.devices.find((each) => each.device === device);
      return !this.#probedAt.has(`${device} ${address}`) && seen?.up !== true;
    });
    if (waiting.length === 0) return steps;
    return steps.filter(
      (step) =>
        !(step.kind === 'add-address' && waiting.some((each) => step.device === each.device)) &&
        !(step.kind === 'add-route' && waiting.some((each) => step.route.device === each.device)),
    );
  }

  async #setModes(plan: NetworkPlan, { settings }: NetworkDocument): Promise<void> {
    const { run, spaces, log } = this.#deps;
    for (const space of ['scan', 'management'] as const) {
      for (const { device, mode, up } of plan.spaces[space]?.devices ?? []) {
        if (mode === null || !up || (this.#wanIsMissing && device === this.#ports?.wan)) continue;
        let link = await readLink(run, spaces, space, device);
        if (!isInMode(link, mode) && this.#triedModes.get(device) !== mode) {
          this.#triedModes.set(device, mode);
          const refused = await setLink(run, spaces, space, device, mode);
          if (refused === null) this.#refusedModes.delete(device);
          else this.#refusedModes.set(device, refused);
          log.write(refused === null ? 'info' : 'warning', 'network.link-mode', { device, mode, refused });
          link = await readLink(run, spaces, space, device);
        } else if (isInMode(link, mode)) this.#refusedModes.delete(device);
        this.#links.set(device, link);
        if (settings.links.lan === 'auto' && mode === 'auto') this.#triedModes.delete(device);
      }
    }
  }

  async #watchCarriers(plan: NetworkPlan): Promise<void> {
    for (const space of ['scan', 'management'] as const) {
      for (const { device, carrier } of this.#last?.observed[space]?.devices ?? []) {
        const before = this.#carrier.get(device);
        this.#carrier.set(device, carrier);
        if (before === false && carrier && plan.clients.some((client) => client.device === device))
          await this.#deps.clients.carrierBack(device);
      }
    }
  }

  async #writeFiles(plan: NetworkPlan): Promise<void> {
    const { marker, runFolder, spaces, writeFile, writeResolver } = this.#deps;
    const resolverFolder = join(runFolder, 'resolv');
    const { split } = plan;
    const [wins, { scanUid }] = [[...plan.wins], marker];
    const layout: NetworkLayout = { split, namespaces: spaces, resolverFolder, wins, scanUid };
    const files: [string, string, typeof writeFile][] = [
      [join(resolverFolder, 'scan.conf'), resolverText(plan.resolvers.scan), writeResolver],
      [join(resolverFolder, 'management.conf'), resolverText(plan.resolvers.management), writeResolver],
      [layoutFile(runFolder), `${JSON.stringify(layout)}\n`, writeFile],
    ];
    for (const [path, text, write] of files) {
      if (this.#files.get(path) === text) continue;
      await write(path, text);
      this.#files.set(path, text);
    }
  }
}

interface FixedAddress {
  readonly space: SpaceName;
  readonly device: string;
  readonly address: string;
}

function fixedAddresses({ settings }: NetworkDocument, plan: NetworkPlan): FixedAddress[] {
  const { lan, wan } = plan.ports;
  const fixed: FixedAddress[] = [];
  if (settings.lan.method === 'static')
    fixed.push({ space: 'scan', device: lan.device, address: settings.lan.address });
  if (wan !== null && settings.wan?.method === 'static')
    fixed.push({ space: 'management', device: wan.device, address: settings.wan.address });
  return fixed.filter(({ address }) => !address.includes(':'));
}
