import type { NetworkDescription } from '@picket/appliance/netconf/network-description';
import type { PortFacts } from '@picket/appliance/netconf/network-facts';
import { portError } from '@picket/appliance/netconf/port-error';
import { printable, table } from '../terminal/output.ts';

/** Rows of one kind that are shown; the document may hold 4094. */
const mostRows = 50;

/** What is wrong, each with its error code where there is one. */
export function troubles({ facts }: NetworkDescription): string[] {
  return [
    ...portTroubles('lan', facts.lan),
    ...(facts.wan === null ? [] : portTroubles('wan', facts.wan)),
    ...(facts.scanNetwork.refusedGeneration !== null &&
    facts.scanNetwork.refusedGeneration > facts.scanNetwork.generation
      ? [
          `Generation ${facts.scanNetwork.refusedGeneration} of the platform's document cut the appliance off and was taken back.`,
        ]
      : []),
    ...facts.scanNetwork.trouble.map(({ vlan, message }) => `VLAN ${vlan}: ${message}`),
    ...facts.failures.map((each) => `Not applied: ${each}`),
  ];
}

function portTroubles(name: 'lan' | 'wan', port: PortFacts): string[] {
  const error = portError(name, port);
  const told =
    error === null ? [] : [`NETWORK ERR ${error.code} ${error.eCode}, ${error.description}: ${error.detail}`];
  return [
    ...told,
    ...port.trouble.flatMap(({ message }) => (message === error?.detail ? [] : [`${name.toUpperCase()}: ${message}`])),
  ];
}

/** The description for people. */
export function networkText(network: NetworkDescription): string {
  const { facts } = network;
  const parts = [
    table([
      ['mode', `${facts.split ? 'split network' : 'LAN carries all'}, ${network.settings.ipMode}`],
      ['LAN', portLine(facts.lan)],
      ...(facts.wan === null ? [] : [['WAN', portLine(facts.wan)]]),
      ['proxy', proxyLine(network)],
      ['resolvers for scanning', facts.scan.resolvers.join(', ') || 'none'],
      ['search list', facts.scan.search.join(', ') || 'none'],
      ['WINS servers', facts.scan.wins.join(', ') || 'none'],
      ['from the platform', platformLine(network)],
    ]),
    listed('INTERFACE', 'VLAN  STATE  ADDRESSES', network.devices, (each) => [
      place(each),
      each.vlan === 0 ? '-' : String(each.vlan),
      each.up ? (each.carrier ? 'up' : 'no carrier') : 'down',
      each.addresses.join(', ') || '-',
    ]),
    listed('ROUTE', 'GATEWAY  INTERFACE', network.routes, (each) => [
      each.table === 'management' ? `${each.destination} (management)` : each.destination,
      each.gateway ?? 'on the link',
      place(each),
    ]),
    listed('TARGET', 'LEAVES BY', network.paths, ({ target, path }) => [target, wayOf(path)]),
    ...troubles(network).map((each) => `! ${each}\n`),
  ];
  return printableLines(parts.filter((part) => part !== '').join(''));
}

function printableLines(text: string): string {
  return text.split('\n').map(printable).join('\n');
}

function listed<T>(first: string, more: string, items: readonly T[], row: (item: T) => string[]): string {
  if (items.length === 0) return '';
  const rows = items.slice(0, mostRows).map(row);
  const rest = items.length - rows.length;
  return `\n${table([[first, ...more.split('  ')], ...rows])}${rest > 0 ? `... and ${rest} more, see --json\n` : ''}`;
}

function portLine(port: PortFacts): string {
  const link = port.carrier ? [port.speed, port.duplex].filter((each) => each !== null).join('/') : 'no carrier';
  const parts = [port.device, port.method, port.addresses.join(' ') || 'no address'];
  if (port.gateway !== null) parts.push(`gateway ${port.gateway}`);
  if (port.dns.length > 0) parts.push(`DNS ${port.dns.join(' ')}`);
  if (link !== '') parts.push(link);
  return parts.join(', ');
}

function proxyLine({ proxy }: NetworkDescription): string {
  if (proxy === null) return 'none';
  return `${proxy.host}:${proxy.port}${proxy.authenticates ? ', with a login' : ''}`;
}

function platformLine({ facts: { scanNetwork } }: NetworkDescription): string {
  const { generation, unconfirmed, refusedGeneration, vlans, routes } = scanNetwork;
  const refused = refusedGeneration === null ? '' : `; ${refusedGeneration} was taken back`;
  if (generation === 0) return `nothing${refused}`;
  const state = unconfirmed ? 'not confirmed yet' : 'confirmed';
  return `generation ${generation}, ${state}, VLANs: ${vlans}, routes: ${routes}${refused}`;
}

/** `eth1 (management)` where it is not in the part that scans. */
function place({ device, space }: { readonly device: string; readonly space: string }): string {
  return space === 'scan' ? device : `${device} (${space})`;
}

function wayOf(path: NetworkDescription['paths'][number]['path']): string {
  if (path === null) return 'no way: no network or route leads there';
  const tag = path.vlan === 0 ? '' : `, VLAN ${path.vlan}`;
  const from = path.source === null ? 'an advertised address' : path.source;
  const via =
    path.gateway === null
      ? path.source === null
        ? 'an advertised router or the link'
        : 'on the link'
      : `gateway ${path.gateway}`;
  return `${path.device}${tag}, from ${from}, ${via}`;
}
