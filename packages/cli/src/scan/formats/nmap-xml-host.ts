import { ownValue } from '@picket/base/own-value';
import type { HostResult } from '../scan-result.ts';
import { countPorts } from './count-ports.ts';
import { systemName } from './system-name.ts';
import { attributes, escapeXml } from './xml-text.ts';

type Port = HostResult['ports'] extends ReadonlyMap<string, infer P> ? P : never;
type Service = HostResult['services'] extends ReadonlyMap<string, infer S> ? S : never;

/** Our reasons by the words that readers of this format know; the others are the same in both. */
const reasonWords: Readonly<Record<string, string>> = {
  rst: 'reset',
  accepted: 'syn-ack',
  'no-answer': 'no-response',
  'udp-answer': 'udp-response',
  'icmp-echo': 'echo-reply',
  'icmp-timestamp': 'timestamp-reply',
  'port-unreachable': 'port-unreach',
  arp: 'arp-response',
  ndp: 'nd-response',
  assumed: 'user-set',
  local: 'localhost-response',
};

/** A `host` element: addresses, names, ports, operating system, findings about the host, the way to it, times. */
export function hostXml(host: HostResult): string {
  const start = epochSeconds(host.firstAt);
  const status = { state: 'up', reason: reason(host.host?.reason ?? 'assumed'), reason_ttl: hostTtl(host) };
  return [
    `<host${attributes({ starttime: start, endtime: epochSeconds(host.lastAt) })}>`,
    `<status${attributes(status)}/>`,
    addresses(host),
    hostNames(host),
    `<ports>${extraPorts(host)}${sortedPorts(host)
      .map((port) => portXml(host, port))
      .join('')}</ports>`,
    osXml(host),
    hostScripts(host),
    traceXml(host),
    timesXml(host.host?.rttMs),
    '</host>',
  ].join('');
}

function addresses(host: HostResult): string {
  const family = host.address.includes(':') ? 'ipv6' : 'ipv4';
  const ip = `<address${attributes({ addr: host.address, addrtype: family })}/>`;
  const { mac, macVendor } = host.host ?? {};
  if (mac === undefined) return ip;
  return `${ip}<address${attributes({ addr: mac.toUpperCase(), addrtype: 'mac', vendor: macVendor })}/>`;
}

function hostNames(host: HostResult): string {
  const names = (host.host?.names ?? []).map(
    (each) => `<hostname${attributes({ name: each.name, type: each.source === 'target' ? 'user' : 'PTR' })}/>`,
  );
  return `<hostnames>${names.join('')}</hostnames>`;
}

/** Ports that are not listed one by one, counted by state: what the coverage says beyond the ports that were told. */
function extraPorts(host: HostResult): string {
  return (['closed', 'filtered'] as const)
    .flatMap((state) => {
      const reasons = (host.coverage ?? []).flatMap((each) => {
        const listed = [...host.ports.values()].filter(
          (port) => port.protocol === each.protocol && port.state === state,
        ).length;
        const count = countPorts(each[state]) - listed;
        const why = state === 'filtered' ? 'no-response' : each.protocol === 'tcp' ? 'reset' : 'port-unreach';
        return count <= 0 ? [] : [{ reason: why, count, proto: each.protocol, ports: each[state] }];
      });
      const count = reasons.reduce((sum, each) => sum + each.count, 0);
      const elements = reasons.map((each) => `<extrareasons${attributes(each)}/>`).join('');
      return count === 0 ? [] : [`<extraports${attributes({ state, count })}>${elements}</extraports>`];
    })
    .join('');
}

function sortedPorts(host: HostResult): Port[] {
  return [...host.ports.values()].sort((a, b) => a.protocol.localeCompare(b.protocol) || a.port - b.port);
}

function portXml(host: HostResult, port: Port): string {
  const state = attributes({ state: port.state, reason: reason(port.reason), reason_ttl: port.ttl ?? 0 });
  const service = host.services.get(`${port.protocol}/${port.port}`);
  const scripts = host.findings
    .filter((finding) => finding.port === port.port && finding.protocol === port.protocol)
    .map(scriptXml);
  return `<port${attributes({ protocol: port.protocol, portid: port.port })}><state${state}/>${service ? serviceXml(service) : ''}${scripts.join('')}</port>`;
}

function serviceXml(service: Service): string {
  const cpes = service.cpes.map((cpe) => `<cpe>${escapeXml(cpeUri(cpe))}</cpe>`).join('');
  const values = {
    name: service.service,
    product: service.product,
    version: service.version,
    extrainfo: service.info,
    hostname: service.hostname,
    ostype: service.os?.product,
    tunnel: service.tunnel === 'tls' ? 'ssl' : undefined,
    method: service.method === 'port-number' ? 'table' : 'probed',
    conf: Math.round(service.confidence * 10),
  };
  return `<service${attributes(values)}>${cpes}</service>`;
}

function scriptXml(finding: HostResult['findings'][number]): string {
  return `<script${attributes({ id: finding.check, output: `${finding.severity}: ${finding.name}` })}/>`;
}

function hostScripts(host: HostResult): string {
  const scripts = host.findings.filter((finding) => finding.port === undefined).map(scriptXml);
  return scripts.length === 0 ? '' : `<hostscript>${scripts.join('')}</hostscript>`;
}

function osXml({ os, ports }: HostResult): string {
  if (!os) return '';
  const accuracy = Math.round(os.confidence * 100);
  const used = (['open', 'closed'] as const).flatMap((state) => {
    const port = [...ports.values()].find((each) => each.protocol === 'tcp' && each.state === state);
    return port ? [`<portused${attributes({ state, proto: 'tcp', portid: port.port })}/>`] : [];
  });
  const kind = attributes({
    vendor: os.vendor ?? 'unknown',
    osfamily: os.product,
    osgen: os.version,
    accuracy,
  });
  const cpe = os.cpe === undefined ? '' : `<cpe>${escapeXml(cpeUri(os.cpe))}</cpe>`;
  return `<os>${used.join('')}<osmatch${attributes({ name: systemName(os), accuracy, line: 0 })}><osclass${kind}>${cpe}</osclass></osmatch></os>`;
}

/** Distance and hops, as far as the way was followed; a silent hop is left out, as readers expect. */
function traceXml({ route }: HostResult): string {
  if (!route || route.hops.length === 0) return '';
  const hops = route.hops.flatMap((hop, index) =>
    hop.address === null
      ? []
      : [`<hop${attributes({ ttl: index + 1, ipaddr: hop.address, rtt: hop.rttMs?.toFixed(2) ?? '--' })}/>`],
  );
  const distance = route.reached ? `<distance${attributes({ value: route.hops.length })}/>` : '';
  return `${distance}<trace>${hops.join('')}</trace>`;
}

/** Microseconds, after the one measurement that there is: RFC 6298 section 2.2. */
function timesXml(rttMs: number | undefined): string {
  if (rttMs === undefined) return '';
  const srtt = Math.round(rttMs * 1000);
  const rttvar = Math.round(srtt / 2);
  return `<times${attributes({ srtt, rttvar, to: Math.max(100_000, srtt + 4 * rttvar) })}/>`;
}

/** The TTL of the answer that showed the host, where a port kept it. */
function hostTtl(host: HostResult): number {
  const shown = [...host.ports.values()].find((port) => port.port === host.host?.port && port.ttl !== undefined);
  return shown?.ttl ?? 0;
}

function reason(word: string): string {
  return ownValue(reasonWords, word) ?? word;
}

function epochSeconds(time: string): number {
  return Math.floor(Date.parse(time) / 1000);
}

/** CPE 2.3 formatted string as the 2.2 URI that this format has: `cpe:/a:openbsd:openssh:9.2p1`. */
export function cpeUri(cpe: string): string {
  const parts = cpe
    .split(/(?<!\\):/)
    .slice(2, 7)
    .map((part) => (part === '*' || part === '-' ? '' : part.replace(/\\(.)/g, '$1')));
  return `cpe:/${parts.join(':').replace(/:+$/, '')}`;
}
