import type { EngineJob } from '../run/job.ts';
import { inLanes } from '../run/lanes.ts';
import type { ProbeAnswer, Prober, ProbeRequest } from '../gate/probe.ts';
import { portOrder } from './probe-order.ts';
import type { OpenPort, PortCoverage, PortScanResult, ScanPorts, ScanPortsRequest } from '../run/probe-stages.ts';
import type { ProbeTally } from '../run/probe-tally.ts';
import { RoundTrip } from './round-trip.ts';
import type { UdpPayloads } from '../run/stages.ts';

export interface ConnectPortsInit {
  readonly job: Pick<EngineJob, 'ports' | 'profile'>;
  readonly prober: Prober;
  /** Seed of the port order. */
  readonly seed: number;
  readonly udpPayloads: UdpPayloads;
  /** Resolves when the consumer keeps up. */
  readonly room: () => Promise<void>;
}

/** Questions to one host at once, before the governor's own limits. */
const tcpLanes = 256;
const udpLanes = 32;
/** Up to so many UDP ports without an answer are told one by one; more are in the coverage only. */
const silentUdpTold = 64;

/** One host's scan under way. */
interface Scan {
  readonly request: ScanPortsRequest;
  readonly open: OpenPort[];
  readonly tested: Record<'tcp' | 'udp', { closed: number[]; silent: number[] }>;
  untested: PortScanResult['untested'];
}

/** The port scan for machines that may not send raw packets: TCP connects and plain datagrams. */
export function connectPorts(init: ConnectPortsInit): ScanPorts {
  return async (request) => {
    const scan: Scan = {
      request,
      open: [],
      tested: { tcp: { closed: [], silent: [] }, udp: { closed: [], silent: [] } },
      untested: null,
    };
    await scanTcp(init, scan);
    await scanUdp(init, scan);
    return resultOf(scan);
  };
}

async function scanTcp(init: ConnectPortsInit, scan: Scan): Promise<void> {
  const { address, rttHintMs, signal, tally } = scan.request;
  const { connectTimeoutMs, retries } = init.job.profile;
  const roundTrip = new RoundTrip(rttHintMs);
  let asked: Iterable<number> = portOrder(init.job.ports.tcp, init.seed, address);
  for (let pass = 0; pass <= retries; pass += 1) {
    const silent: number[] = [];
    const last = pass === retries;
    await inLanes(asked, Math.min(tcpLanes, init.job.ports.tcp.length), async (port) => {
      await init.room();
      // A short time-out is safe while the port will be asked again.
      const timeoutMs = last ? connectTimeoutMs : roundTrip.timeoutMs(connectTimeoutMs);
      const answer = await init.prober.probeTcp({ address, port, timeoutMs, ...counted(tally, 'tcp-connect', port) });
      signal.throwIfAborted();
      if ('rttMs' in answer) roundTrip.add(answer.rttMs);
      if ('rttMs' in answer && pass > 0) init.prober.lost(address);
      if (answer.state === 'silent' && answer.reason === 'no-answer') silent.push(port);
      else note(scan, 'tcp', port, answer);
    });
    if (silent.length === 0) return;
    if (last) scan.tested.tcp.silent.push(...silent);
    asked = silent;
  }
}

async function scanUdp(init: ConnectPortsInit, scan: Scan): Promise<void> {
  const { address, signal, tally } = scan.request;
  const { connectTimeoutMs, retries } = init.job.profile;
  await inLanes(portOrder(init.job.ports.udp, init.seed, address), udpLanes, async (port) => {
    const payloads = init.udpPayloads(port);
    const rounds = payloads.length > 0 ? payloads : [new Uint8Array(0)];
    let answer: ProbeAnswer = { state: 'silent', reason: 'no-answer' };
    for (let attempt = 0; attempt < Math.max(rounds.length, retries + 1); attempt += 1) {
      await init.room();
      const payload = rounds[attempt % rounds.length] ?? new Uint8Array(0);
      const to = { address, port, timeoutMs: connectTimeoutMs };
      answer = await init.prober.probeUdp({ ...to, payload, ...counted(tally, 'udp', port) });
      signal.throwIfAborted();
      if (answer.state !== 'silent') break;
    }
    note(scan, 'udp', port, answer);
  });
}

function counted(
  tally: ProbeTally | undefined,
  kind: 'tcp-connect' | 'udp',
  port: number,
): Pick<ProbeRequest, 'onSent'> {
  return tally ? { onSent: tally.counter(kind, port) } : {};
}

function note(scan: Scan, protocol: 'tcp' | 'udp', port: number, answer: ProbeAnswer): void {
  switch (answer.state) {
    case 'open': {
      const open: OpenPort = { protocol, port, state: 'open', reason: answer.reason };
      scan.open.push(open);
      scan.request.onOpen?.(open);
      return;
    }
    case 'closed':
      scan.tested[protocol].closed.push(port);
      return;
    case 'silent':
      scan.tested[protocol].silent.push(port);
      return;
    case 'local':
    case 'denied':
    case 'cancelled':
      scan.untested = {
        reason: answer.state === 'local' ? 'local-limit' : 'scope-denied',
        count: (scan.untested?.count ?? 0) + 1,
        detail: answer.detail,
      };
  }
}

function resultOf(scan: Scan): PortScanResult {
  const coverage = (['tcp', 'udp'] as const)
    .map((protocol) => coverageOf(scan, protocol))
    .filter(({ tested }) => tested.length > 0);
  const silentUdp = scan.tested.udp.silent;
  if (silentUdp.length <= silentUdpTold) {
    for (const port of silentUdp) {
      const told: OpenPort = { protocol: 'udp', port, state: 'open|filtered', reason: 'no-answer' };
      scan.open.push(told);
      scan.request.onOpen?.(told);
    }
  }
  return { open: scan.open, coverage, untested: scan.untested };
}

function coverageOf(scan: Scan, protocol: 'tcp' | 'udp'): PortCoverage {
  const { closed, silent } = scan.tested[protocol];
  const open = scan.open.filter((port) => port.protocol === protocol).map(({ port }) => port);
  const rising = (a: number, b: number) => a - b;
  return {
    protocol,
    tested: [...open, ...closed, ...silent].sort(rising),
    closed: closed.sort(rising),
    filtered: silent.sort(rising),
  };
}
