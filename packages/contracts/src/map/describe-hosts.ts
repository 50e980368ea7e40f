import { type IpAddress, parseIp } from '@picket/base/ip';
import type { EngineEventOf } from '../event.ts';
import { osName, productName } from '../software-name.ts';
import { bestName, mergeNames, serviceNames } from './host-facts.ts';
import type { MapHost } from './map-result.ts';
import { type NetworkIndex, placeOf } from './networks.ts';
import { byPort, compareAddresses, compareTexts } from './order.ts';
import { rolesOf } from './roles.ts';
import type { Ways } from './routes.ts';
import { type Steps, stepRecords } from './steps.ts';

/** The facts about one address. */
export interface HostDraft {
  host: EngineEventOf<'host'> | null;
  readonly ports: Map<string, EngineEventOf<'port'>>;
  readonly services: Map<string, EngineEventOf<'service'>>;
  os: EngineEventOf<'os'> | null;
}

/** What a host is described against. */
export interface Around {
  readonly index: NetworkIndex;
  readonly ways: Ways;
  /** Prefixes by the gateway that leads to them. */
  readonly gateways: ReadonlyMap<string, readonly string[]>;
}

/** The hosts that are up, by address. */
export function* describeHosts(drafts: ReadonlyMap<string, HostDraft>, around: Around): Steps<readonly MapHost[]> {
  const hosts: { readonly at: IpAddress; readonly host: MapHost }[] = [];
  let count = 0;
  for (const [address, facts] of drafts) {
    count += 1;
    if (count % stepRecords === 0) yield;
    const parsed = parseIp(address);
    if (!parsed.ok || !isUp(facts)) continue;
    hosts.push({ at: parsed.value, host: describeHost(parsed.value, address, facts, around) });
  }
  return hosts.toSorted((a, b) => compareAddresses(a.at, b.at)).map((one) => one.host);
}

/** A port that answered shows a host even when the report of the host itself is missing. */
function isUp(facts: HostDraft): boolean {
  return facts.host?.state === 'up' || [...facts.ports.values()].some((port) => port.state === 'open');
}

function describeHost(at: IpAddress, address: string, facts: HostDraft, around: Around): MapHost {
  const services = [...facts.services.values()];
  const openPorts = [...facts.ports.values()].filter((port) => port.state === 'open');
  const place = placeOf(at, around.index);
  const way = around.ways.byHost.get(address);
  const mac = facts.host?.mac ?? null;
  const macVendor = facts.host?.macVendor ?? null;
  const system = facts.os ?? services.toSorted((a, b) => a.port - b.port).find((service) => service.os)?.os;
  const os = system ? osName(system) : null;
  const names = namesOf(facts.host, services);
  const forwards = around.ways.routers.get(address)?.forwards ?? 0;
  return {
    address,
    network: place.prefix.text,
    name: bestName(names),
    names: [...names],
    mac,
    macVendor,
    os,
    reason: facts.host?.reason ?? openPorts[0]?.reason ?? '',
    roles: rolesOf({
      gatewayOf: around.gateways.get(address) ?? [],
      forwards,
      openPorts: seenPorts(facts, openPorts),
      services,
      os,
      macVendor,
    }).map((role) => ({ ...role, evidence: [...role.evidence] })),
    openPorts: openPorts.toSorted(byPort).map(({ protocol, port }) => {
      const service = facts.services.get(`service|${address}|${protocol}|${port}`);
      const product = productName(service?.vendor, service?.product);
      return { protocol, port, service: service?.service ?? null, product };
    }),
    via: way ? way.via : place.gateway,
    distance: way?.distance ?? null,
  };
}

/** Ports that are open, and the one that discovery had an accepting answer from: a map knows no other. */
function seenPorts(facts: HostDraft, open: readonly EngineEventOf<'port'>[]) {
  const { reason, port } = facts.host ?? {};
  const answered = (reason === 'syn-ack' || reason === 'accepted') && port !== undefined;
  return answered && !open.some((one) => one.protocol === 'tcp' && one.port === port)
    ? [...open, { protocol: 'tcp' as const, port }]
    : open;
}

function namesOf(host: EngineEventOf<'host'> | null, services: readonly EngineEventOf<'service'>[]) {
  const told = services.flatMap((service) => [...serviceNames(service)]);
  return mergeNames(host?.names ?? [], told).toSorted((a, b) =>
    a.source === b.source ? compareTexts(a.name, b.name) : compareTexts(a.source, b.source),
  );
}
