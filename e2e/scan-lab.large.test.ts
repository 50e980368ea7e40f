import { canUseNamespaces } from '@picket/testkit/namespaces/can-use-namespaces';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Detection } from '@picket/contracts/api/inventory';
import { mapAnswer, mapDifferenceAnswer } from '@picket/contracts/api/map';
import type { ScanDetail } from '@picket/contracts/api/scan';
import { type Lab, labDown, labUp } from '../lab/lab-control.ts';
import { hostAddresses, type TruthHost, type TruthService } from '../lab/truth.ts';
import type { Deployment } from './harness/deployment.ts';
import { deployInLab } from './harness/lab-deployment.ts';
import { debianRelease, tellsSystem } from './harness/lab-systems.ts';
import { mapHosts as readMapHosts, type ScanHost, scanDetections, scanHosts } from './harness/scan-results.ts';

const support = canUseNamespaces();
const name = `e2e${process.pid}`;

/** What a host is for that speaks these, as the lab's truth names them. */
const roleOfService = new Map([
  ['domain', 'name-server'],
  ['smtp', 'mail-server'],
  ['imap', 'mail-server'],
  ['mysql', 'database-server'],
  ['postgresql', 'database-server'],
  ['redis', 'database-server'],
  ['ldap', 'directory-server'],
]);

/** A service of the truth at one address of its host. */
interface Place {
  readonly host: TruthHost;
  readonly service: TruthService;
  readonly address: string;
}

describe.skipIf(!support.ok)('a map and a scan of the lab through platform and appliance', () => {
  let lab: Lab;
  let deployment: Deployment;
  let map: ScanDetail;
  let scan: ScanDetail;
  let mapHosts: ScanHost[];
  let hosts: ScanHost[];
  let detections: Detection[];
  let places: Place[];

  beforeAll(async () => {
    lab = await labUp({ name });
    deployment = await deployInLab(lab);
    await deployment.startPlatform();
    const { ipv4, ipv6 } = lab.truth.scanNetwork;
    const networkId = await deployment.network('Lab', `${ipv4} ${ipv6}`);
    await deployment.enrol('lab-scanner', [networkId]);
    const targets = targetList(lab);
    const mapId = await deployment.launch({ kind: 'map', networkId, targets, profile: 'fast' });
    map = await deployment.untilEnded(mapId);
    const scanId = await deployment.launch({ kind: 'scan', networkId, targets, ports: portList(lab), profile: 'fast' });
    scan = await deployment.untilEnded(scanId, 600_000);
    mapHosts = await scanHosts(deployment.client, mapId);
    hosts = await scanHosts(deployment.client, scanId);
    detections = await scanDetections(deployment.client, scanId);
    places = lab.truth.hosts.flatMap((host) => placesOf(host));
  }, 900_000);

  afterAll(async () => {
    await deployment?.[Symbol.asyncDispose]();
    await labDown(name);
  }, 60_000);

  it('ends with every unit evaluated', () => {
    expect({
      map: map.status,
      scan: scan.status,
      complete: [map.complete, scan.complete],
      open: scan.notEvaluable,
    }).toEqual({
      map: 'finished',
      scan: 'finished',
      complete: [true, true],
      open: [],
    });
  });

  it('finds every live host and invents none, in the map and in the scan', () => {
    const live = [
      ...lab.truth.hosts.flatMap((host) => scannedAddresses(host)),
      lab.truth.scanNetwork.scanner.ipv4,
    ].toSorted();
    expect(mapHosts.map((host) => host.address).toSorted()).toEqual(live);
    expect(hosts.map((host) => host.address).toSorted()).toEqual(live);
  });

  it('puts every host of the map into the network it is in, and finds the same map a second time', async () => {
    const result = await deployment.client.get(`/api/v1/maps/${map.id}/result`, mapAnswer);
    const { ipv4 } = lab.truth.scanNetwork;
    expect(result.networks.find((network) => network.prefix === ipv4)).toMatchObject({ kind: 'link' });
    expect(result.networks.reduce((sum, network) => sum + network.hosts, 0)).toBe(mapHosts.length);
    const { networkId, request } = map;
    const again = await deployment.launch({ kind: 'map', networkId, targets: request.targets, profile: 'fast' });
    expect(await deployment.untilEnded(again)).toMatchObject({ status: 'finished', complete: true });
    const difference = await deployment.client.get(`/api/v1/maps/${again}/difference`, mapDifferenceAnswer);
    expect(difference).toMatchObject({
      baseline: { id: map.id },
      sameTargets: true,
      counts: { new: 0, gone: 0, notTested: 0, notTestedBefore: 0 },
      networks: [],
    });
  });

  it('tells what hosts are for by what they speak', async () => {
    const roles = new Map((await readMapHosts(deployment.client, scan.id)).map((host) => [host.address, host.roles]));
    const missed = places.flatMap(({ address, service }) => {
      const role = roleOfService.get(service.service);
      if (role === undefined) return [];
      const told = roles.get(address)?.find((one) => one.role === role);
      return told?.strength === 'seen' ? [] : [`${address} speaks ${service.service}, ${role}: ${told?.strength}`];
    });
    expect(missed).toEqual([]);
  });

  it('finds every open TCP port of the truth and invents none', () => {
    const truth = places
      .filter((place) => place.service.transport === 'tcp')
      .map((place) => `${place.address}:${place.service.port}`);
    const found = labHosts(hosts).flatMap((host) =>
      host.openPorts.filter((port) => port.protocol === 'tcp').map((port) => `${host.address}:${port.port}`),
    );
    expect(found.toSorted()).toEqual(truth.toSorted());
  });

  it('names service and product of at least 90 % of the services right', () => {
    const known = places.filter((place) => place.service.tells.includes('product'));
    const wrong = known.flatMap((place) => misnamed(place) ?? []);
    expect(1 - wrong.length / known.length, wrong.join('\n')).toBeGreaterThanOrEqual(0.9);
  });

  it('tells Debian and its release where services give it away, and never another system than Linux', async () => {
    const release = await debianRelease();
    const wrong = lab.truth.hosts.flatMap((host) => {
      const seen = hosts.find(({ address }) => scannedAddresses(host).includes(address))?.os ?? null;
      const debian = seen !== null && seen.startsWith('Debian Linux');
      const telling = tellsSystem(host);
      const right =
        telling === 'release'
          ? seen === `Debian Linux ${release}`
          : telling === 'distribution'
            ? debian
            : seen === null || debian || /^Linux\b/.test(seen);
      return right ? [] : [`${host.name} tells ${telling}, seen as ${seen}`];
    });
    expect(wrong).toEqual([]);
  });

  it('finds every planted weakness that a starter check covers', () => {
    const planted = places.flatMap((place) => place.service.weaknesses.map((check) => key(place, check)));
    const found = new Set(detections.map((each) => `${each.check} ${each.address}:${each.port}/${each.protocol}`));
    expect(planted.filter((each) => !found.has(each))).toEqual([]);
  });

  it('finds nothing above information on the hardened hosts, and nothing that they resist', () => {
    const hardened = new Set(lab.truth.hosts.filter((host) => host.hardened).flatMap(hostAddresses));
    const resisted = new Set(places.flatMap((place) => place.service.resists.map((check) => key(place, check))));
    const found = detections.map((each) => ({
      ...each,
      key: `${each.check} ${each.address}:${each.port}/${each.protocol}`,
    }));
    expect(found.filter((each) => resisted.has(each.key)).map((each) => each.key)).toEqual([]);
    expect(
      found.filter((each) => hardened.has(each.address) && each.severity !== 'info').map((each) => each.key),
    ).toEqual([]);
  });

  it('reports nothing on the site that answers 200 to everything, the echo and the closed host but what the truth plants', () => {
    const tricky = new Set(['always-200', 'odd-ports', 'all-closed']);
    const addresses = new Set(lab.truth.hosts.filter((host) => tricky.has(host.name)).flatMap(hostAddresses));
    const planted = new Set(places.flatMap((place) => place.service.weaknesses.map((check) => key(place, check))));
    const found = detections
      .filter((each) => addresses.has(each.address) && each.severity !== 'info')
      .map((each) => `${each.check} ${each.address}:${each.port}/${each.protocol}`);
    expect(found.filter((each) => !planted.has(each))).toEqual([]);
  });

  it('says what was really sent, within the profile', () => {
    expect(scan.sent.packets).toBeGreaterThan(1000);
    expect(scan.sent.peakRate).toBeLessThanOrEqual(20_000 * 1.05);
  });

  function misnamed({ address, service }: Place): string | null {
    const seen = hosts
      .find((host) => host.address === address)
      ?.openPorts.find((port) => port.port === service.port && port.protocol === service.transport);
    const words = (text: string | null | undefined) =>
      (text ?? '')
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, ' ')
        .trim();
    const product = words(seen?.product);
    const right =
      seen?.service === service.service &&
      (product.includes(words(service.product)) || (product !== '' && words(service.product).includes(product)));
    return right
      ? null
      : `${address}:${service.port} is ${service.service} ${service.product}, seen as ${seen?.service} ${seen?.product}`;
  }
});

function key(place: Place, check: string): string {
  return `${check} ${place.address}:${place.service.port}/${place.service.transport}`;
}

/** The whole IPv4 network, and the one host that has only IPv6. */
function targetList(lab: Lab): string {
  const ipv6Only = lab.truth.hosts.filter((host) => host.ipv4 === undefined).flatMap((host) => host.ipv6 ?? []);
  return [lab.truth.scanNetwork.ipv4, ...ipv6Only].join(' ');
}

function scannedAddresses(host: TruthHost): string[] {
  return [host.ipv4 ?? host.ipv6 ?? ''];
}

/** The likeliest ports, and the odd ones of the truth. */
function portList(lab: Lab): string {
  const services = lab.truth.hosts.flatMap((host) => host.services);
  const ports = (transport: 'tcp' | 'udp') => [
    ...new Set(services.filter((service) => service.transport === transport).map((service) => service.port)),
  ];
  return `top1000,${ports('tcp').join(',')},U:${ports('udp').join(',')}`;
}

function placesOf(host: TruthHost): Place[] {
  return scannedAddresses(host).flatMap((address) => {
    const family = address.includes(':') ? 'ipv6' : 'ipv4';
    return host.services
      .filter((service) => service.families.includes(family))
      .map((service) => ({ host, service, address }));
  });
}

/** Hosts of the lab without the scanner's own address. */
function labHosts(hosts: readonly ScanHost[]): readonly ScanHost[] {
  return hosts.filter((host) => !host.address.endsWith('.2') && !host.address.endsWith('::2'));
}
