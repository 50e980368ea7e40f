import type { CompiledCheck } from '@picket/checks/check';
import type { Endpoint } from '@picket/checks/run/target-scope';
import type { CheckTarget, ServiceEvent } from '../run/stages.ts';
import { fragileTcpPorts, fragileUdpPorts } from '../services/fragile-ports.ts';

/** The checks that can apply to one service of a host, or to the host itself under one of its names. */
export interface ServiceChecks {
  /** Null: the host itself. */
  readonly service: ServiceEvent | null;
  readonly endpoint: Endpoint;
  readonly checks: readonly CompiledCheck[];
}

/** Services that speak HTTP under a name of their own. */
const httpServices = new Set([
  'http',
  'https',
  'http-alt',
  'http-proxy',
  'www',
  'ipp',
  'elasticsearch',
  'docker',
  'etcd',
  'etcd-client',
  'kubernetes',
  'consul',
  'couchdb',
  'prometheus',
  'influxdb',
  'rtsp-http',
  'wsman',
  'soap',
  'upnp',
]);

/** Names under which the same service is known (IANA name first). */
const aliases: readonly (readonly string[])[] = [
  ['domain', 'dns'],
  ['microsoft-ds', 'smb', 'netbios-ssn'],
  ['rfb', 'vnc'],
  ['memcache', 'memcached'],
  ['mongodb', 'mongod'],
  ['smtp', 'submission', 'smtps'],
  ['imap', 'imaps'],
  ['pop3', 'pop3s'],
  ['ldap', 'ldaps'],
  ['mqtt', 'secure-mqtt'],
  ['zookeeper', 'zk'],
  ['x11', 'X11'],
  ['telnet', 'telnets'],
  ['ntp', 'ntpd'],
  ['postgresql', 'postgres'],
  ['sunrpc', 'rpcbind', 'portmapper'],
];

/** Pairs the services of a host with the checks that can say something about them; services without any are left out. */
export function selectChecks(target: CheckTarget, checks: readonly CompiledCheck[]): ServiceChecks[] {
  const ofServices = target.services.flatMap((service): ServiceChecks[] => {
    const fitting = checks.filter((check) => applies(check, service));
    return fitting.length === 0 ? [] : [{ service, endpoint: endpointOf(target, service), checks: fitting }];
  });
  return [...ofServices, ...ofHost(target, checks), ...onOwnPlaces(target, checks)];
}

/** Self-contained checks run once for the host that they name, whatever of it is open. */
function onOwnPlaces(target: CheckTarget, checks: readonly CompiledCheck[]): ServiceChecks[] {
  const names = target.names.filter(isHostName).slice(0, mostNames);
  const known = new Set(['*', target.address, ...names.map((name) => name.toLowerCase())]);
  const fitting = checks.filter(({ places }) => places?.some((place) => known.has(place)));
  const endpoint = { address: target.address, name: null, names, port: 0, tls: false };
  return fitting.length === 0 ? [] : [{ service: null, endpoint, checks: fitting }];
}

/** Checks that name servers of their own: they run on those of them that are targets of the scan. */
export function selfContained(checks: readonly CompiledCheck[]): readonly CompiledCheck[] {
  return checks.filter(({ places }) => places !== null);
}

/** Names of one host that checks run for. */
const mostNames = 8;

/** Checks that only ask DNS run once for each name of the host; without a name once, to say why they cannot be judged. */
function ofHost(target: CheckTarget, checks: readonly CompiledCheck[]): ServiceChecks[] {
  const fitting = checks.filter(
    (check) => check.protocols.length > 0 && check.protocols.every((kind) => kind === 'dns'),
  );
  if (fitting.length === 0) return [];
  const names = target.names.filter(isHostName).slice(0, mostNames);
  const endpoint = { address: target.address, port: 0, tls: false };
  return (names.length === 0 ? [null] : names).map((name) => ({
    service: null,
    endpoint: { ...endpoint, name },
    checks: fitting,
  }));
}

const isHostName = (name: string) =>
  /^[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9])?$/.test(name) && !/^[0-9.]+$/.test(name);

function endpointOf(target: CheckTarget, service: ServiceEvent): Endpoint {
  const name = target.names.find(isHostName);
  return { address: target.address, name: name ?? null, port: service.port, tls: service.tunnel === 'tls' };
}

/**
 * Whether a check can apply. By what was identified; by port number where nothing was, or where the check names ports alone. One that names
 * neither is asked of what nobody knows, and of what its tags name.
 */
export function applies(check: CompiledCheck, service: ServiceEvent): boolean {
  if (check.places !== null) return false;
  // What asks DNS as well asks about the service that its other requests go to.
  const kind = check.protocols.find((each) => each !== 'dns');
  if (kind === undefined) return false;
  return appliesBy(kind, check, service) || (check.protocols.includes('http') && appliesBy('http', check, service));
}

function appliesBy(kind: CompiledCheck['protocols'][number], check: CompiledCheck, service: ServiceEvent): boolean {
  const { services, ports } = check;
  if ((kind === 'udp') !== (service.protocol === 'udp')) return false;
  if (kind === 'tls') return speaksTls(service) && (services.length === 0 || named(check, service));
  if (kind === 'http') return speaksHttp(service) || (services.length > 0 && named(check, service));
  if (services.length > 0) return named(check, service) || (unidentified(service) && ports.includes(service.port));
  return ports.length > 0 ? ports.includes(service.port) : mayBeAskedAnywhere(check, service);
}

/** Public templates without a port mean the port that their user gives. Here that is every one of which nothing else is known to say. */
function mayBeAskedAnywhere(check: CompiledCheck, service: ServiceEvent): boolean {
  const fragile = service.protocol === 'udp' ? fragileUdpPorts : fragileTcpPorts;
  if (fragile.has(service.port)) return false;
  return unidentified(service) || namesOf(service).some((name) => check.tags.includes(name));
}

/** Tags that say no more of a service than its protocol does. */
const plainNames = new Set(['unknown', 'http', 'https', 'tls', 'ssl', 'tcp', 'udp']);

/** The names of a service and its product as tags have them. */
function namesOf(service: ServiceEvent): string[] {
  const product = (service.product ?? '').trim().toLowerCase();
  const products = [product, product.replaceAll(' ', '-'), product.replaceAll(' ', '')];
  return [...aliasesOf(service), ...products].filter((name) => name !== '' && !plainNames.has(name));
}

/** From the first byte; or behind an upgrade, when identification has surveyed it. */
function speaksTls(service: ServiceEvent): boolean {
  return service.tunnel === 'tls' || (service.tunnel === 'starttls' && service.tls?.survey !== undefined);
}

function speaksHttp(service: ServiceEvent): boolean {
  return service.method !== 'port-number' && httpServices.has(service.service);
}

function unidentified(service: ServiceEvent): boolean {
  return service.method === 'port-number' || service.service === 'unknown';
}

function named(check: CompiledCheck, service: ServiceEvent): boolean {
  if (service.method === 'port-number') return false;
  const names = aliasesOf(service);
  const speaks = service.tunnel === 'tls' ? [...names, 'tls'] : names;
  return check.services.some((name) => speaks.includes(name));
}

function aliasesOf({ service }: ServiceEvent): readonly string[] {
  return aliases.find((group) => group.includes(service)) ?? [service];
}
