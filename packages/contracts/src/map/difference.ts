import { type MapHost, type MapNetwork, type MapResult } from './map-result.ts';
import { compareTexts } from './order.ts';
import { runSteps, type Steps, stepRecords } from './steps.ts';
import type { UntestedReason, MapChange, MapDifference, NetworkChange } from './map-difference.ts';

/** What a job looked at, so that "not there" is never said of what nobody asked. */
export interface MapCoverage {
  /** Why discovery did not try the address; null when it did. */
  readonly untested: (address: string) => UntestedReason | null;
  /** Every phase of a host that is up was evaluated. */
  readonly evaluated: (address: string) => boolean;
  /** The port was among those that the job tests. */
  readonly tests: (protocol: 'tcp' | 'udp', port: number) => boolean;
}

/** One of two maps that are compared. */
export interface MapSide {
  readonly map: MapResult;
  readonly coverage: MapCoverage;
}

/**
 * What changed from one map to a later one. Pure. A host is gone only when its address was tried again and nothing answered; one
 * that was not tried is `not-tested`, with the reason. Guesses (an open port, a maker) are no roles to compare, and nothing is
 * said of ports, roles and systems where a phase of the host was not evaluated in both.
 */
export function compareMaps(before: MapSide, after: MapSide): MapDifference {
  return runSteps(compareSteps(before, after));
}

/** The same, in steps. */
export function* compareSteps(before: MapSide, after: MapSide): Steps<MapDifference> {
  const known = new Map(before.map.hosts.map((host) => [host.address, host]));
  const there = new Set(after.map.hosts.map((host) => host.address));
  const items: MapDifference['items'] = [];
  let same = 0;
  for (const [index, host] of after.map.hosts.entries()) {
    if (index % stepRecords === stepRecords - 1) yield;
    const earlier = known.get(host.address);
    const shown = { address: host.address, name: host.name, reason: null, changes: [] };
    if (!earlier) {
      const reason = before.coverage.untested(host.address);
      items.push({ ...shown, kind: reason === null ? 'new' : 'not-tested-before', reason });
      continue;
    }
    const changes = hostChanges(earlier, host, before, after);
    if (changes.length === 0) same += 1;
    else items.push({ ...shown, kind: 'changed', changes });
  }
  for (const [index, host] of before.map.hosts.entries()) {
    if (index % stepRecords === stepRecords - 1) yield;
    if (there.has(host.address)) continue;
    const reason = after.coverage.untested(host.address);
    const kind = reason === null ? 'gone' : 'not-tested';
    items.push({ kind, address: host.address, name: host.name, reason, changes: [] });
  }
  return { items, same, networks: networkChanges(before.map, after.map) };
}

function hostChanges(earlier: MapHost, host: MapHost, before: MapSide, after: MapSide): MapChange[] {
  const changes: (MapChange | null)[] = [
    change('name', shownNames(earlier), shownNames(host)),
    earlier.mac !== null && host.mac !== null ? change('mac', [earlier.mac], [host.mac]) : null,
  ];
  if (before.coverage.evaluated(host.address) && after.coverage.evaluated(host.address)) {
    const routed = before.map.skeleton.routers.length > 0 && after.map.skeleton.routers.length > 0;
    changes.push(change('role', toldRoles(earlier, routed), toldRoles(host, routed)));
    if (earlier.os !== null && host.os !== null) changes.push(change('os', [earlier.os], [host.os]));
    changes.push(change('port', ports(earlier, after.coverage), ports(host, before.coverage)));
  }
  return changes.filter((one) => one !== null);
}

/** Null when both hold the same. */
function change(what: MapChange['what'], old: readonly string[], now: readonly string[]): MapChange | null {
  const added = now.filter((value) => !old.includes(value));
  const removed = old.filter((value) => !now.includes(value));
  return added.length + removed.length === 0 ? null : { what, added, removed };
}

/** What somebody typed as a target is no property of the host. */
function shownNames(host: MapHost): readonly string[] {
  const told = host.names.filter((name) => name.source !== 'target').map((name) => name.name.toLowerCase());
  return [...new Set(told)];
}

function toldRoles(host: MapHost, routed: boolean): readonly string[] {
  return host.roles
    .filter((role) => role.strength !== 'guess' && (routed || role.role !== 'router'))
    .map((role) => role.role);
}

/** Only ports that the other job tested too: the others can't be compared. */
function ports(host: MapHost, other: MapCoverage): readonly string[] {
  return host.openPorts
    .filter(({ protocol, port }) => other.tests(protocol, port))
    .map(({ protocol, port }) => `${port}/${protocol}`);
}

/** Networks that somebody named, by prefix. Nothing is said when one of the maps has none: it did not look. */
function networkChanges(before: MapResult, after: MapResult): NetworkChange[] {
  const old = named(before);
  const now = named(after);
  if (old.size === 0 || now.size === 0) return [];
  const changes: NetworkChange[] = [];
  for (const prefix of [...new Set([...old.keys(), ...now.keys()])].toSorted(compareTexts)) {
    const was = old.get(prefix);
    const is = now.get(prefix);
    const gateways = change('gateway', was?.gateways ?? [], is?.gateways ?? []);
    const { added, removed } = gateways ?? { added: [], removed: [] };
    if (!was) changes.push({ kind: 'new', prefix, added, removed });
    else if (!is) changes.push({ kind: 'not-seen', prefix, added, removed });
    else if (gateways) changes.push({ kind: 'gateways', prefix, added, removed });
  }
  return changes;
}

function named(map: MapResult): ReadonlyMap<string, MapNetwork> {
  return new Map(map.skeleton.networks.filter((one) => one.kind !== 'assumed').map((one) => [one.prefix, one]));
}
