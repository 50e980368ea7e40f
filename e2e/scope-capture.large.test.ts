import { fileURLToPath } from 'node:url';
import { parseIp, parseRange } from '@picket/base/ip';
import { contains, type RangeSet, rangeSet, subtract } from '@picket/base/range-set';
import { type EngineEvent, engineEvent } from '@picket/contracts/event';
import { canUseNamespaces } from '@picket/testkit/namespaces/can-use-namespaces';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Lab, labDown, labUp, nsExec } from '../lab/lab-control.ts';
import { hostAddresses } from '../lab/truth.ts';
import { readFrame } from './capture/frame-purpose.ts';
import { readPcap } from './capture/pcap-file.ts';
import { judgeFrames, type ScopeVerdict } from './capture/scope-verdict.ts';
import { captureFromScanner } from './capture/switch-capture.ts';

const support = canUseNamespaces();
const name = `scope${process.pid}`;
const picket = fileURLToPath(new URL('../packages/cli/bin/picket.mjs', import.meta.url));

/** Hosts that the jobs leave out: services of both transports, a host that answers nothing, and one with most findings. */
const excludedHosts = ['web-weak', 'tls-weak', 'cache-weak', 'dns-hard', 'firewalled'];
/** All raw probes of ports come from here, which the kernel gives to nobody (above its range for ports of its own choice). */
const probePort = 61_500;

/** One command line, what it told, and every frame that left the scanner meanwhile. */
interface Watched {
  readonly events: readonly EngineEvent[];
  readonly frames: readonly Uint8Array[];
  /** Frames that went to the management network. */
  readonly elsewhere: readonly Uint8Array[];
  readonly dropped: number;
  readonly verdict: ScopeVerdict;
}

describe.skipIf(!support.ok)('every packet of a whole job, as the switch sees it', () => {
  let lab: Lab;
  let excluded: ReadonlySet<string>;
  let scan: Watched;
  let map: Watched;

  beforeAll(async () => {
    lab = await labUp({ name });
    const left = lab.truth.hosts.filter((host) => excludedHosts.includes(host.name));
    excluded = new Set(left.flatMap(hostAddresses));
    scan = await watch(
      ['10.99.0.0/24', 'fd99::30/124'],
      ['scan', '--ports', portsOf(lab), '--source-port', `${probePort}`],
    );
    map = await watch(['fd99::/64'], ['map']);
  }, 400_000);

  afterAll(async () => {
    await labDown(name);
  }, 60_000);

  it('goes to the targets alone: every other frame is a question for the address of one', () => {
    print('scan', scan);
    expect(scan.verdict.foreign).toEqual([]);
    expect(scan.dropped).toBe(0);
  });

  it('sends nothing into a network that has no target, apart from what every kernel says', () => {
    const nobody = { targets: [], macs: new Set<string>(), linkLocals: new Set<string>(), linkSearch: false };
    for (const { elsewhere } of [scan, map]) expect(judgeFrames(elsewhere, nobody).foreign).toEqual([]);
  });

  it('reaches every host of the job, so that the capture has seen it all', () => {
    const scope = targetsOf(['10.99.0.0/24', 'fd99::30/124']);
    const wanted = lab.truth.hosts.flatMap(hostAddresses).filter((address) => isIn(scope, address));
    expect(wanted.length).toBeGreaterThan(30);
    expect(wanted.filter((address) => !scan.verdict.addressed.has(address))).toEqual([]);
  });

  it('sends nothing to an excluded host and asks for no address of one', () => {
    expect([...scan.verdict.addressed].filter((address) => excluded.has(address))).toEqual([]);
  });

  it('has sent at least what the scan says, and for each host exactly the port probes that it says', () => {
    const said = scan.events.findLast((event) => event.type === 'stats')?.packetsSent ?? 0;
    expect(said).toBeGreaterThan(1000);
    expect(scan.verdict.frames).toBeGreaterThanOrEqual(said);
    expect(probesSeen(scan.frames)).toEqual(probesSaid(scan.events));
  });

  // Every host of the link hears such a question, an excluded one too. When it asks who asked, our kernel answers: not the engine's doing.
  it('asks all nodes of a link for a range too large to sweep, and sends excluded hosts only the address they ask for', () => {
    print('map', map);
    expect(map.verdict.foreign.filter((each) => !/^neighbour-(answer|question) /.test(each))).toEqual([]);
    expect([...map.verdict.byReason.keys()].some((reason) => reason.includes('link search'))).toBe(true);
  });

  async function watch(targets: readonly string[], [command = '', ...options]: readonly string[]): Promise<Watched> {
    const lan = await captureFromScanner(lab, 'scan-switch');
    const management = await captureFromScanner(lab, 'management-switch');
    const common = ['--exclude', [...excluded].join(','), '--profile', 'fast', '--mode', 'raw', '--json'];
    const argv = [process.execPath, picket, command, ...targets, ...common, ...options];
    const { code, stdout, stderr } = await nsExec(lab, 'scanner', argv, { timeoutMs: 300_000 });
    const [here, there] = [await lan.stop(), await management.stop()];
    if (code !== 0 && code !== 1) throw new Error(`picket ${command} ended with ${code}: ${stderr}`);
    const frames = [...readPcap(here.file)];
    return {
      events: stdout
        .trim()
        .split('\n')
        .flatMap((line) => engineEvent.safeParse(JSON.parse(line)).data ?? []),
      frames,
      elsewhere: [...readPcap(there.file)],
      dropped: here.dropped + there.dropped,
      verdict: judgeFrames(frames, {
        targets: targetsOf(targets),
        ...(await interfaces()),
        linkSearch: command === 'map',
      }),
    };
  }

  function targetsOf(targets: readonly string[]): RangeSet {
    return subtract(rangesOf(targets), rangesOf([...excluded]));
  }

  /** Interfaces of the hosts that are not excluded, and the scanner's own link-local address. */
  async function interfaces(): Promise<{ macs: Set<string>; linkLocals: Set<string> }> {
    const macs = new Set<string>();
    const linkLocals = new Set<string>();
    const hosts = lab.truth.hosts.map((host) => host.name).filter((host) => !excludedHosts.includes(host));
    for (const where of [...hosts, 'scanner']) {
      const { stdout } = await nsExec(lab, where, ['ip', '-o', 'addr', 'show', 'dev', 'lan']);
      for (const [, address] of stdout.matchAll(/inet6 (fe80:\S+)\/64/g)) linkLocals.add(address ?? '');
      const link = await nsExec(lab, where, ['ip', '-o', 'link', 'show', 'dev', 'lan']);
      if (where !== 'scanner') macs.add(/link\/ether (\S+)/.exec(link.stdout)?.[1] ?? '');
    }
    return { macs, linkLocals };
  }
});

function rangesOf(texts: readonly string[]): RangeSet {
  return rangeSet(
    texts.flatMap((text) => {
      const range = parseRange(text);
      if (!range.ok) throw new Error(`${text} is no range`);
      return [range.value];
    }),
  );
}

function isIn(ranges: RangeSet, text: string): boolean {
  const address = parseIp(text);
  return address.ok && contains(ranges, address.value);
}

/** The ports that any host of the lab has open, so that all stages have work, and some more. */
function portsOf({ truth }: Lab): string {
  const services = truth.hosts.flatMap((host) => host.services);
  const ports = (transport: 'tcp' | 'udp') =>
    services.filter((each) => each.transport === transport).map((each) => each.port);
  return `top100,${[...new Set(ports('tcp'))].join(',')},U:${[...new Set(ports('udp'))].join(',')}`;
}

/** TCP SYN and UDP packets from the probe port, by address. */
function probesSeen(frames: readonly Uint8Array[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { purpose } of frames.map(readFrame)) {
    if (purpose.kind !== 'packet' || purpose.carried.sourcePort !== probePort) continue;
    if (purpose.carried.protocol === 6 && !purpose.carried.opens) continue;
    counts[purpose.address] = (counts[purpose.address] ?? 0) + 1;
  }
  return counts;
}

function probesSaid(events: readonly EngineEvent[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const event of events) {
    const packets = event.type === 'unit' && event.unit.phase === 'ports' ? (event.counts?.packets ?? 0) : 0;
    if (packets > 0) counts[event.unit.subject] = (counts[event.unit.subject] ?? 0) + packets;
  }
  return counts;
}

function print(title: string, { verdict, events }: Watched): void {
  const said = events.findLast((event) => event.type === 'stats')?.packetsSent;
  const reasons = [...verdict.byReason].map(([reason, count]) => `  ${String(count).padStart(7)}  ${reason}`);
  process.stdout.write(`${title}: ${verdict.frames} frames captured, ${said} packets said\n${reasons.join('\n')}\n`);
}
