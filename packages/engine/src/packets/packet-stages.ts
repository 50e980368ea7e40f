import { formatIp, type IpAddress, type IpRange, parseIp } from '@picket/base/ip';
import { intersect, type RangeSet, rangeSet, subtract } from '@picket/base/range-set';
import { loopback } from '@picket/plan/address-class';
import { firstAnswer } from '../connect/connect-discovery.ts';
import { discoveryMode } from '../connect/probe-order.ts';
import type { EngineJob } from '../run/job.ts';
import type { DiscoverRequest, FoundHost, PortScanResult, ProbeStages, ScanPortsRequest } from '../run/probe-stages.ts';
import { Semaphore } from '../run/semaphore.ts';
import { macText } from '../wire/address-bytes.ts';
import type { TaskEnd } from './messages.ts';
import type { PacketClient } from './packet-client.ts';
import { portResult } from './port-results.ts';
import type { ProbeSpec } from './probe-list.ts';
import type { AnswerRecord } from './records.ts';
import { hostFlag } from './scan-task.ts';
import { SentCounts } from './sent-counts.ts';

export interface PacketStagesInit {
  readonly job: Pick<EngineJob, 'assumeAlive' | 'ports' | 'phases' | 'profile'>;
  readonly client: PacketClient;
  /** The probe lists of the loop. */
  readonly lists: { readonly discovery: readonly ProbeSpec[]; readonly ports: readonly ProbeSpec[] };
  /** For addresses that no packet of ours can reach: this machine's own, and links that can't be opened. */
  readonly fallback: ProbeStages;
  /** Resolves when the consumer keeps up. */
  readonly room: () => Promise<void>;
  /** Packets that a host got. */
  readonly onSent: (address: string, packets: number) => void;
}

/** Discovery and port scan by raw packets. */
export function packetStages(init: PacketStagesInit): ProbeStages {
  const telling = new Semaphore(hostsToldAtOnce);
  return {
    discover: (request) => discover(init, request, telling),
    scanPorts: (request) => scanPorts(init, request),
    addressesAtOnce: addressesAtOnce(init),
  };
}

/** Hosts handed to the pipeline at once; the others wait as bytes. */
const hostsToldAtOnce = 256;
const lanesPerSearch = 16;
/** Cells (address × probe) under way in discovery: a byte each, and the answers wait in memory until the pipeline takes them. */
const cellsAtOnce = 2 ** 21;
const mostAddressesAtOnce = 65_536;

function addressesAtOnce({ job, lists }: PacketStagesInit): number {
  const list = discoveryMode(job) === 'plan-ports' ? lists.ports : lists.discovery;
  return Math.max(1024, Math.min(mostAddressesAtOnce, Math.floor(cellsAtOnce / Math.max(1, list.length))));
}

async function discover(init: PacketStagesInit, request: DiscoverRequest, telling: Semaphore): Promise<void> {
  const mode = discoveryMode(init.job);
  if (mode === 'assume') return init.fallback.discover(request);
  const own = intersect(request.addresses, loopback);
  const wanted = subtract(request.addresses, loopback);
  const search = new Search(init, request, { wanted, telling });
  await init.room();
  if (own.length > 0) search.elsewhere.push(...own);
  const list = mode === 'probe' ? 'discovery' : 'ports';
  const sentCounts = new SentCounts(init.lists[list].length);
  request.tally.watch(() => sentCounts.read(init.lists[list], request.block.family));
  await init.client.scan({
    list,
    sentCounts,
    addresses: wanted,
    signal: request.signal,
    onRecord: (record) => search.record(record, mode),
    onEnd: (end) => search.end(end, mode),
  });
  await search.finish();
}

/** Discovery of one block. */
class Search {
  readonly elsewhere: IpRange[] = [];
  readonly #init: PacketStagesInit;
  readonly #request: DiscoverRequest;
  readonly #addresses: Places;
  readonly #ttls = new Map<number, number>();
  readonly #rtts = new Map<number, number>();
  readonly #told = new Set<number>();
  readonly #telling: Semaphore;
  /** Hosts found, not yet handed over; each is made when its turn comes. */
  #found: (() => FoundHost)[] = [];
  #next = 0;
  #lanes = 0;
  #failure: unknown = null;
  #quiet: (() => void) | null = null;

  constructor(
    init: PacketStagesInit,
    request: DiscoverRequest,
    { wanted, telling }: { readonly wanted: RangeSet; readonly telling: Semaphore },
  ) {
    this.#init = init;
    this.#request = request;
    this.#addresses = new Places(wanted);
    this.#telling = telling;
  }

  record(record: AnswerRecord, mode: 'probe' | 'plan-ports'): void {
    const { place, probe, rttMs, ttl, reason, mac } = record;
    if (mode === 'plan-ports') {
      if (probe >= 0) this.#ttls.set(place * this.#init.lists.ports.length + probe, ttl);
      if (rttMs >= 0 && !this.#rtts.has(place)) this.#rtts.set(place, rttMs);
      return;
    }
    if (
      this.#told.has(place) ||
      reason === 'no-answer' ||
      reason === 'icmp-unreachable' ||
      reason === 'icmp-prohibited'
    )
      return;
    const spec = this.#init.lists.discovery[probe];
    this.#tell(place, () => ({
      reason,
      ...(spec && 'port' in spec ? { port: spec.port } : {}),
      ...(rttMs >= 0 ? { rttMs: round(rttMs) } : {}),
      ...(mac ? { mac: macText(mac) } : {}),
    }));
  }

  end(end: TaskEnd, mode: 'probe' | 'plan-ports'): void {
    const { offset, count, refused } = end;
    for (let place = offset; place < offset + count; place += 1) {
      const address = this.#addresses.at(place);
      const text = formatIp(address);
      if (refused?.reason === 'elsewhere') {
        this.elsewhere.push({ family: address.family, first: address.bits, last: address.bits });
        this.#request.tally.leaveOut('no-raw-packets', 1, refused.detail);
      } else if (refused) this.#request.onUntested(text, refused.detail);
      else {
        this.#init.onSent(text, end.sent[place - offset] ?? 0);
        if (mode === 'plan-ports') this.#endPlanned(end, place, text);
        else if (((end.hosts[place - offset] ?? 0) & hostFlag.up) === 0) this.#request.onSilent(text);
      }
    }
  }

  async finish(): Promise<void> {
    if (this.elsewhere.length > 0)
      await this.#init.fallback.discover({ ...this.#request, addresses: rangeSet(this.elsewhere) });
    if (this.#lanes > 0)
      await new Promise<void>((resolve) => {
        this.#quiet = resolve;
      });
    if (this.#failure !== null) throw this.#failure;
  }

  /** The port scan was the discovery. */
  #endPlanned(end: TaskEnd, place: number, text: string): void {
    const index = place - end.offset;
    const known = ((end.hosts[index] ?? 0) & (hostFlag.up | hostFlag.mac)) !== 0;
    if (known) this.#tell(place, () => this.#planned(end, place));
    else this.#request.onSilent(text);
  }

  #planned(end: TaskEnd, place: number): Omit<FoundHost, 'address'> {
    const index = place - end.offset;
    const probes = this.#init.lists.ports;
    const ttlOf = (probe: number) => this.#ttls.get(place * probes.length + probe) ?? 0;
    const scanned = portResult(probes, (probe) => end.states[probe * end.count + index] ?? 0, ttlOf);
    const packets = end.sent[index] ?? 0;
    const hasMac = ((end.hosts[index] ?? 0) & hostFlag.mac) !== 0 && end.macs.length > 0;
    const rttMs = this.#rtts.get(place);
    const neighbour = this.#addresses.at(place).family === 6 ? 'ndp' : 'arp';
    return {
      ...(firstAnswer(scanned) ?? { reason: neighbour }),
      ...(hasMac ? { mac: macText(end.macs, index * 6) } : {}),
      ...(rttMs === undefined ? {} : { rttMs: round(rttMs) }),
      scanned: { ...scanned, packets },
    };
  }

  #tell(place: number, found: () => Omit<FoundHost, 'address'>): void {
    this.#told.add(place);
    this.#found.push(() => ({ address: formatIp(this.#addresses.at(place)), ...found() }));
    if (this.#lanes >= lanesPerSearch) return;
    this.#lanes += 1;
    void this.#handOver();
  }

  async #handOver(): Promise<void> {
    const { signal, onFound } = this.#request;
    try {
      for (let make = this.#take(); make; make = this.#take()) {
        const leave = await this.#telling.enter(signal);
        try {
          await this.#init.room();
          await onFound(make());
        } finally {
          leave();
        }
      }
    } catch (error) {
      this.#failure ??= error;
    }
    this.#lanes -= 1;
    if (this.#lanes === 0) this.#quiet?.();
  }

  #take(): (() => FoundHost) | undefined {
    const make = this.#found[this.#next];
    if (make) this.#next += 1;
    if (this.#next > 1024) {
      this.#found = this.#found.slice(this.#next);
      this.#next = 0;
    }
    return make;
  }
}

async function scanPorts(init: PacketStagesInit, request: ScanPortsRequest): Promise<PortScanResult> {
  await init.room();
  const parsed = parseIp(request.address);
  if (!parsed.ok) return init.fallback.scanPorts(request);
  const { family, bits } = parsed.value;
  const probes = init.lists.ports;
  const ttls = new Map<number, number>();
  const ends: TaskEnd[] = [];
  await init.client.scan({
    list: 'ports',
    addresses: [{ family, first: bits, last: bits }],
    signal: request.signal,
    ...(request.rttHintMs === undefined ? {} : { rttHintMs: request.rttHintMs }),
    onRecord: ({ probe, ttl, reason }) => {
      const spec = probes[probe];
      if (!spec || !('port' in spec)) return;
      ttls.set(probe, ttl);
      const protocol = spec.kind === 'udp' ? 'udp' : 'tcp';
      request.onOpen?.({ protocol, port: spec.port, state: 'open', reason, ttl });
    },
    onEnd: (end) => ends.push(end),
  });
  const end = ends[0];
  if (!end || end.refused?.reason === 'elsewhere') return init.fallback.scanPorts(request);
  if (end.refused) {
    const untested = { reason: 'local-limit', count: probes.length, detail: end.refused.detail } as const;
    return { open: [], coverage: [], untested };
  }
  const packets = end.sent[0] ?? 0;
  init.onSent(request.address, packets);
  const scanned = portResult(
    probes,
    (probe) => end.states[probe] ?? 0,
    (probe) => ttls.get(probe) ?? 0,
  );
  for (const port of scanned.open) if (port.state === 'open|filtered') request.onOpen?.(port);
  return { ...scanned, packets };
}

/** The n-th address of a set. */
class Places {
  readonly #set: RangeSet;
  #index = 0;
  #before = 0;

  constructor(set: RangeSet) {
    this.#set = set;
  }

  at(place: number): IpAddress {
    if (place < this.#before) {
      this.#index = 0;
      this.#before = 0;
    }
    for (let range = this.#set[this.#index]; range; range = this.#set[this.#index]) {
      const size = Number(range.last - range.first) + 1;
      if (place < this.#before + size)
        return { family: range.family, bits: range.first + BigInt(place - this.#before) };
      this.#before += size;
      this.#index += 1;
    }
    throw new Error(`place ${place} lies outside of the set`);
  }
}

function round(milliseconds: number): number {
  return Math.round(milliseconds * 1000) / 1000;
}
