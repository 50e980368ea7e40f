import { parseIp } from '@picket/base/ip';
import type { EngineEventOf } from '../event.ts';

type HostEvent = EngineEventOf<'host'>;
export type HostName = NonNullable<HostEvent['names']>[number];

/** Most names that are kept of one host. */
const namesLimit = 64;

/**
 * Joins two reports about one host of one job. Names add up; MAC, maker, port and round trip stay when the newer report
 * does not say them; a host that answered once is up, whatever a later attempt met (one that was only assumed did not
 * answer). Merging a report twice changes nothing.
 */
export function mergeHostEvents(known: HostEvent, more: HostEvent): HostEvent {
  const [older, newer] = known.time <= more.time ? [known, more] : [more, known];
  if (answered(older) && newer.state === 'silent') return { ...withNames(older, newer), time: newer.time };
  if (older.state === 'silent' && newer.state === 'up') return withNames(newer, older);
  // A maker belongs to its address: never the maker of one interface beside the address of another.
  const { mac: _mac, macVendor: _vendor, ...rest } = { ...older, ...newer };
  return withNames({ ...rest, ...interfaceOf(older, newer) }, older);
}

function answered(event: HostEvent): boolean {
  return event.state === 'up' && event.reason !== 'assumed';
}

function interfaceOf(older: HostEvent, newer: HostEvent): Pick<HostEvent, 'mac' | 'macVendor'> {
  const mac = newer.mac ?? older.mac;
  if (mac === undefined) return {};
  const macVendor = [newer, older].find((event) => event.mac === mac && event.macVendor !== undefined)?.macVendor;
  return macVendor === undefined ? { mac } : { mac, macVendor };
}

function withNames(event: HostEvent, other: HostEvent): HostEvent {
  const names = mergeNames(other.names ?? [], event.names ?? []);
  return names.length === 0 ? event : { ...event, names: [...names] };
}

/** Names by source and name, in the order in which they came, at most 64. */
export function mergeNames<Name extends { readonly name: string; readonly source: string }>(
  known: readonly Name[],
  more: readonly Name[],
): readonly Name[] {
  if (more.length === 0) return known;
  const byKey = new Map([...known, ...more].map((entry) => [`${entry.source}|${entry.name}`, entry]));
  return [...byKey.values()].slice(0, namesLimit);
}

/** Names that a service gave away: what it calls itself, and up to 16 of its certificate that are no patterns or addresses. */
export function serviceNames(event: EngineEventOf<'service'>): readonly { name: string; source: string }[] {
  const names = (event.tls?.certificate?.names ?? []).filter((name) => !name.startsWith('*') && !parseIp(name).ok);
  const found = names.slice(0, 16).map((name) => ({ name: name.toLowerCase(), source: 'certificate' }));
  return event.hostname ? [{ name: event.hostname, source: 'banner' }, ...found] : found;
}

/** Sources of names, the one that people know a host by first. */
const order = ['target', 'ptr', 'netbios', 'wins', 'smb', 'mdns', 'llmnr', 'snmp', 'local', 'certificate', 'banner'];

/** The name to show for a host; null when it has none. */
export function bestName(names: readonly { readonly name: string; readonly source: string }[]): string | null {
  const rank = (source: string) => (order.indexOf(source) + order.length + 1) % (order.length + 1);
  const [best] = names.toSorted((a, b) => rank(a.source) - rank(b.source));
  return best?.name ?? null;
}
