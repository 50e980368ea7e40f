import type { Plan } from '@picket/plan/plan';
import { compressPorts } from '@picket/plan/port-set';
import { type HostResult, openPorts, type ScanResult } from '../scan-result.ts';

export interface NmapXmlFacts {
  readonly plan: Plan;
  /** The command line, as typed. */
  readonly args: string;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly endedAt: number;
  readonly complete: boolean;
  readonly version: string;
}

/** The XML of a port scan that other tools import (nmap.dtd; traps in reference/interop-formats section 6). */
export function nmapXml(result: ScanResult, facts: NmapXmlFacts): string {
  const hosts = [...result.hosts.values()];
  const down = Math.max(0, result.addressesTried - hosts.length);
  const start = Math.floor(facts.startedAt / 1000);
  const end = Math.floor(facts.endedAt / 1000);
  const elapsed = ((facts.endedAt - facts.startedAt) / 1000).toFixed(2);
  const run = attributes({
    scanner: 'picket',
    args: facts.args,
    start,
    startstr: clockText(facts.startedAt),
    version: facts.version,
    xmloutputversion: '1.05',
  });
  const tcp = facts.plan.ports.tcp;
  const info = attributes({ type: 'connect', protocol: 'tcp', numservices: tcp.length, services: compressPorts(tcp) });
  const finished = attributes({
    time: end,
    timestr: clockText(facts.endedAt),
    elapsed,
    exit: facts.complete ? 'success' : 'error',
  });
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<!DOCTYPE nmaprun>',
    `<nmaprun${run}>`,
    `<scaninfo${info}/>`,
    '<verbose level="0"/>',
    '<debugging level="0"/>',
    ...hosts.map((host) => hostXml(host, start, end)),
    `<runstats><finished${finished}/><hosts${attributes({ up: hosts.length, down, total: hosts.length + down })}/></runstats>`,
    '</nmaprun>',
    '',
  ].join('\n');
}

function hostXml(host: HostResult, start: number, end: number): string {
  const family = host.address.includes(':') ? 'ipv6' : 'ipv4';
  const names = (host.host?.names ?? []).map(
    (each) => `<hostname${attributes({ name: each.name, type: each.source === 'target' ? 'user' : 'PTR' })}/>`,
  );
  const mac = host.host?.mac ? `<address${attributes({ addr: host.host.mac.toUpperCase(), addrtype: 'mac' })}/>` : '';
  const ports = openPorts(host).map((port) => portXml(host, port));
  return [
    `<host${attributes({ starttime: start, endtime: end })}>`,
    `<status${attributes({ state: 'up', reason: host.host?.reason ?? 'user-set', reason_ttl: 0 })}/>`,
    `<address${attributes({ addr: host.address, addrtype: family })}/>${mac}`,
    `<hostnames>${names.join('')}</hostnames>`,
    `<ports>${ports.join('')}</ports>`,
    '</host>',
  ].join('');
}

function portXml(host: HostResult, port: ReturnType<typeof openPorts>[number]): string {
  const service = host.services.get(`${port.protocol}/${port.port}`);
  const state = `<state${attributes({ state: port.state, reason: port.reason, reason_ttl: port.ttl ?? 0 })}/>`;
  const cpes = (service?.cpes ?? []).map((cpe) => `<cpe>${escapeXml(cpeUri(cpe))}</cpe>`).join('');
  const named = service
    ? `<service${attributes({
        name: service.service,
        product: service.product,
        version: service.version,
        extrainfo: service.info,
        ostype: service.os?.product,
        tunnel: service.tunnel === 'tls' ? 'ssl' : undefined,
        method: service.method === 'port-number' ? 'table' : 'probed',
        conf: Math.round(service.confidence * 10),
      })}>${cpes}</service>`
    : '';
  const scripts = host.findings
    .filter((finding) => finding.port === port.port && finding.protocol === port.protocol)
    .map((finding) => `<script${attributes({ id: finding.check, output: `${finding.severity}: ${finding.name}` })}/>`);
  return `<port${attributes({ protocol: port.protocol, portid: port.port })}>${state}${named}${scripts.join('')}</port>`;
}

/** CPE 2.3 formatted string as the 2.2 URI that this format has: `cpe:/a:openbsd:openssh:9.2p1`. */
export function cpeUri(cpe: string): string {
  const parts = cpe
    .split(/(?<!\\):/)
    .slice(2, 7)
    .map((part) => (part === '*' || part === '-' ? '' : part.replace(/\\(.)/g, '$1')));
  return `cpe:/${parts.join(':').replace(/:+$/, '')}`;
}

function attributes(values: Readonly<Record<string, string | number | undefined>>): string {
  return Object.entries(values)
    .flatMap(([name, value]) => (value === undefined ? [] : [` ${name}="${escapeXml(String(value))}"`]))
    .join('');
}

/** Escaped for text and attributes; characters that XML 1.0 can't hold become U+FFFD. */
function escapeXml(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

function clockText(milliseconds: number): string {
  return new Date(milliseconds).toUTCString();
}
