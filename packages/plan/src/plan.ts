import { formatIp, formatRange, type IpRange, parseIp } from '@picket/base/ip';
import { contains, countAddresses, intersect, type RangeSet, rangeSet, subtract } from '@picket/base/range-set';
import { err, ok, type Result } from '@picket/base/result';
import { publicPart, unscannablePart } from './address-class.ts';
import { type JobKind, type Phase, phasesOf } from './phase.ts';
import { parsePorts, type PortSet } from './port-set.ts';
import type { Profile } from './profile.ts';
import { parseTargets, type TargetItem } from './targets.ts';
import { addressLimit, sweptPart, unboundedPart } from './wide-range.ts';

/** What somebody asked for, as typed. */
export interface PlanRequest {
  readonly kind: JobKind;
  readonly targets: string;
  readonly exclude: string;
  /** Targets beside `targets`, e.g. the hosts that have a tag. */
  readonly alsoTargets?: RangeSet;
  /** Left out beside `exclude`, e.g. what the network or the whole subscription excludes. */
  readonly alsoExclude?: RangeSet;
  readonly ports: string;
  readonly profile: Profile;
  readonly assumeAlive: boolean;
  readonly services: boolean;
  readonly checks: boolean;
  /** Addresses of each name, resolved once by the caller and pinned here; a name without an entry did not resolve. */
  readonly resolved: ReadonlyMap<string, readonly string[]>;
}

export interface PinnedName {
  readonly name: string;
  /** Canonical addresses. */
  readonly addresses: readonly string[];
}

/** The whole extent of a job. What a dry run prints, a person confirms and the engine runs. */
export interface Plan {
  readonly kind: JobKind;
  readonly phases: readonly Phase[];
  readonly ranges: RangeSet;
  readonly exclusions: RangeSet;
  readonly names: readonly PinnedName[];
  readonly ports: PortSet;
  readonly profile: Profile;
  readonly assumeAlive: boolean;
  readonly estimate: Estimate;
  /** The part of `ranges` on the public Internet: needs authorisation. */
  readonly publicRanges: RangeSet;
  /** What the targets cover before anything is left out. */
  readonly wanted: RangeSet;
  /** The part of `exclusions` that the request itself names. */
  readonly excludeWritten: RangeSet;
}

/** Upper bounds, before anything is known of the hosts. Wide IPv6 ranges are not in them: only the hosts found there are asked. */
export interface Estimate {
  readonly addresses: bigint;
  readonly ports: number;
  /** At most so many probe packets if every address is alive and every port silent. Passes more where packets get lost are not in it. */
  readonly packets: bigint;
  /** Packets a second that the profile allows. */
  readonly rate: number;
  /** Seconds at what the profile allows for so many hosts; what is absent or answers at once makes it shorter. */
  readonly seconds: number;
}

export interface PlanError {
  readonly field: 'targets' | 'exclude' | 'ports';
  readonly item: string;
  readonly message: string;
}

/** TCP ports that tell whether a host is there, likeliest first; chosen from what servers, clients, printers and switches answer on. */
export const discoveryPorts: readonly number[] = [
  443, 80, 22, 445, 3389, 135, 8080, 21, 23, 25, 53, 111, 139, 161, 515, 631, 3306, 5432, 5900, 6379, 8443, 9100, 62078,
];

/** UDP ports that answer anybody and tell that a host is there where TCP is filtered; asked by raw packets only. */
export const discoveryUdpPorts: readonly number[] = [53, 137, 161, 123];

/** ICMP echo and timestamp. */
const discoveryIcmpProbes = 2;

/** Names that a plan must have resolved before `buildPlan`: those of targets and of exclusions. */
export function namesToResolve(request: Pick<PlanRequest, 'targets' | 'exclude'>): readonly string[] {
  const items = [...parseTargets(request.targets).items, ...parseTargets(request.exclude).items];
  return [...new Set(items.flatMap((item) => (item.kind === 'name' ? [item.name] : [])))];
}

/** Turns a request into the plan, or into every fault in it. Pure. */
export function buildPlan(request: PlanRequest): Result<Plan, readonly PlanError[]> {
  const errors: PlanError[] = [];
  const targets = resolveItems('targets', request, errors);
  const excludeWritten = rangeSet(resolveItems('exclude', request, errors).ranges);
  const ports = parsePorts(request.ports);
  if (!ports.ok) errors.push({ field: 'ports', item: ports.error.item, message: ports.error.message });
  const wanted = rangeSet([...targets.ranges, ...(request.alsoTargets ?? [])]);
  const exclusions = rangeSet([...excludeWritten, ...intersect(request.alsoExclude ?? [], wanted)]);
  checkExtent(wanted, exclusions, wanted.length === 0, errors);
  if (errors.length > 0 || !ports.ok) return err(errors);
  const ranges = subtract(wanted, exclusions);
  const phases = phasesOf(request.kind, request);
  return ok({
    kind: request.kind,
    phases,
    ranges,
    exclusions,
    names: targets.names,
    ports: ports.value,
    profile: request.profile,
    assumeAlive: request.assumeAlive,
    estimate: estimate(ranges, ports.value, phases, request),
    publicRanges: publicPart(ranges),
    wanted,
    excludeWritten,
  });
}

function checkExtent(wanted: RangeSet, exclusions: RangeSet, empty: boolean, errors: PlanError[]): void {
  if (errors.some((error) => error.field === 'targets')) return;
  if (empty) {
    errors.push({
      field: 'targets',
      item: '',
      message: 'No targets are given. Write an address, a prefix such as 10.0.0.0/24, a range or a host name.',
    });
    return;
  }
  const never = unscannablePart(wanted)[0];
  if (never) {
    errors.push({
      field: 'targets',
      item: formatRange(never),
      message: `${formatRange(never)} can't be scanned: it is multicast, broadcast, reserved or unspecified. Leave it out.`,
    });
    return;
  }
  const remaining = subtract(wanted, exclusions);
  const left = countAddresses([...sweptPart(remaining), ...unboundedPart(wanted)]);
  if (remaining.length === 0)
    errors.push({ field: 'exclude', item: '', message: 'The exclusions leave nothing to scan.' });
  if (left > addressLimit) {
    errors.push({
      field: 'targets',
      item: '',
      message: `These targets are ${left} addresses; one job takes at most ${addressLimit} (an IPv4 /8), and beside them whole IPv6 links (/64). Scan smaller prefixes.`,
    });
  }
}

function resolveItems(
  field: 'targets' | 'exclude',
  request: PlanRequest,
  errors: PlanError[],
): { ranges: IpRange[]; names: PinnedName[] } {
  const parsed = parseTargets(request[field]);
  for (const error of parsed.errors) errors.push({ field, item: error.item, message: error.message });
  const ranges: IpRange[] = [];
  const names: PinnedName[] = [];
  for (const item of parsed.items) {
    if (item.kind === 'range') ranges.push(item.range);
    else resolveName(field, item, request, { ranges, names, errors });
  }
  return { ranges, names };
}

function resolveName(
  field: 'targets' | 'exclude',
  item: Extract<TargetItem, { kind: 'name' }>,
  request: PlanRequest,
  into: { ranges: IpRange[]; names: PinnedName[]; errors: PlanError[] },
): void {
  const found = (request.resolved.get(item.name) ?? []).flatMap((text) => {
    const address = parseIp(text);
    return address.ok ? [address.value] : [];
  });
  if (found.length === 0) {
    into.errors.push({
      field,
      item: item.text,
      message: `"${item.text}" does not resolve to an address. Check the spelling, the resolver and the search domain, or give the address.`,
    });
    return;
  }
  for (const address of found) into.ranges.push({ family: address.family, first: address.bits, last: address.bits });
  if (!into.names.some((known) => known.name === item.name))
    into.names.push({ name: item.name, addresses: found.map(formatIp) });
}

function estimate(ranges: RangeSet, ports: PortSet, phases: readonly Phase[], request: PlanRequest): Estimate {
  const addresses = countAddresses(sweptPart(ranges));
  const tries = BigInt(request.profile.retries + 1);
  const questions = discoveryPorts.length + discoveryUdpPorts.length + discoveryIcmpProbes;
  const discovery = request.assumeAlive ? 0n : addresses * BigInt(questions) * tries;
  const portCount = phases.includes('ports') ? ports.tcp.length + ports.udp.length : 0;
  const packets = discovery + addresses * BigInt(portCount) * tries;
  const rate = request.profile.packetsPerSecond;
  return { addresses, ports: portCount, packets, rate, seconds: estimateSeconds(addresses, packets, request.profile) };
}

/** The scan-wide rate bounds many hosts, the rate of a single host bounds few. */
function estimateSeconds(addresses: bigint, packets: bigint, profile: Profile): number {
  if (addresses === 0n) return 0;
  const atOnce = BigInt(profile.hostsAtOnce) < addresses ? profile.hostsAtOnce : Number(addresses);
  const perSecond = Math.min(profile.packetsPerSecond, profile.packetsPerSecondPerHost * atOnce);
  return Math.ceil(Number(packets) / perSecond);
}

/** True when the plan covers the address. */
export function inPlan(plan: Pick<Plan, 'ranges'>, address: string): boolean {
  const parsed = parseIp(address);
  return parsed.ok && contains(plan.ranges, parsed.value);
}
