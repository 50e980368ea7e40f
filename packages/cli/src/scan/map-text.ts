import type { MapHost, MapResult, MapNetwork, MapRouter } from '@picket/contracts/map/map-result';
import { printable, table } from '../terminal/output.ts';

/** A map for people: networks, gateways and hops, hosts with what they are. */
export function mapText({ skeleton, hosts }: MapResult): string {
  const parts = [
    section('Networks', skeleton.networks.map(networkRow)),
    section('Gateways and hops', skeleton.routers.map(routerRow)),
    section('Hosts', hosts.map(hostRow)),
  ];
  const dropped = Object.entries(skeleton.dropped).filter(([, count]) => count > 0);
  if (dropped.length > 0)
    parts.push(
      `Left out, the map would be too large: ${dropped.map(([what, count]) => `${count} ${what}`).join(', ')}.\n`,
    );
  return parts.filter((part) => part !== '').join('\n');
}

function section(title: string, rows: readonly (readonly string[])[]): string {
  return rows.length === 0 ? '' : `${title}:\n${table(rows.map(([first = '', ...rest]) => [`  ${first}`, ...rest]))}`;
}

const kinds: Readonly<Record<MapNetwork['kind'], string>> = {
  link: 'on link',
  route: 'routed',
  default: 'default route',
  assumed: 'assumed',
};

function networkRow(network: MapNetwork): readonly string[] {
  const way = network.via ?? network.gateways[0];
  const vlans = network.vlans.map((vlan) => ` VLAN ${vlan}`).join('');
  return [
    network.prefix,
    `${kinds[network.kind]}${vlans}`,
    printable(network.links.join(', ')),
    way === undefined ? '' : `via ${way}`,
    network.kind === 'default' ? '' : counted(network.hosts, 'host'),
  ];
}

function routerRow(router: MapRouter): readonly string[] {
  const told = [
    ...(router.gatewayOf.length > 0 ? [`gateway to ${some(router.gatewayOf)}`] : []),
    ...(router.forwards > 0 ? [`forwarded ${counted(router.forwards, 'traced way')}`] : []),
  ];
  const distance = router.distance === null ? '' : counted(router.distance, 'hop');
  return [router.address, printable(router.name ?? ''), distance, told.join(', ')];
}

function hostRow(host: MapHost): readonly string[] {
  const roles = host.roles.map((one) => `${one.role.replaceAll('-', ' ')}${one.strength === 'guess' ? '?' : ''}`);
  const hardware = [host.mac, host.macVendor].filter((part) => part !== null).join(' ');
  return [host.address, printable(host.name ?? ''), roles.join(', '), printable(host.os ?? ''), printable(hardware)];
}

function some(values: readonly string[]): string {
  const more = values.length - 3;
  return `${values.slice(0, 3).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
