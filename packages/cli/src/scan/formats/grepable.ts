import { printable } from '../../terminal/output.ts';
import type { HostResult, ScanResult } from '../scan-result.ts';
import { countPorts } from './count-ports.ts';
import { clockText, type RunFacts } from './run-facts.ts';
import { hostsInOrder } from './hosts-in-order.ts';
import { systemName } from './system-name.ts';

/**
 * Lines for grep, cut and awk, as nmap -oG writes them: for each host its state, and then its ports as
 * `Host: 10.0.0.1 (name)\tPorts: 22/open/tcp//ssh//OpenSSH 9.2p1/, ...`. Fields of a port: number/state/protocol/owner/service/rpc/version/;
 * a slash in a field becomes `|`, a comma `;`. Lines with `#` hold the run.
 */
export function grepable(result: ScanResult, facts: RunFacts): string {
  const hosts = hostsInOrder(result);
  const seconds = ((facts.endedAt - facts.startedAt) / 1000).toFixed(2);
  const total = Math.max(result.addressesTried, hosts.length);
  return [
    `# picket ${facts.version} scan initiated ${clockText(facts.startedAt)} as: ${printable(facts.args)}`,
    ...hosts.flatMap(hostLines),
    `# picket done at ${clockText(facts.endedAt)} -- ${total} IP addresses (${hosts.length} hosts up) scanned in ${seconds} seconds${facts.complete ? '' : ', incomplete'}`,
    '',
  ].join('\n');
}

function hostLines(host: HostResult): string[] {
  const head = `Host: ${host.address} (${field(host.host?.names?.[0]?.name ?? '')})`;
  const ports = [...host.ports.values()]
    .sort((a, b) => a.protocol.localeCompare(b.protocol) || a.port - b.port)
    .map((port) => portField(host, port));
  const ignored = ignoredState(host);
  const system = host.os ? [`OS: ${field(systemName(host.os))}`] : [];
  const found = [...(ports.length > 0 ? [`Ports: ${ports.join(', ')}`] : []), ...ignored, ...system];
  return [`${head}\tStatus: Up`, ...(found.length > 0 ? [`${head}\t${found.join('\t')}`] : [])];
}

function portField(host: HostResult, port: { port: number; state: string; protocol: string }): string {
  const service = host.services.get(`${port.protocol}/${port.port}`);
  const version = [service?.product, service?.version].filter((part) => part !== undefined).join(' ');
  const name = service ? `${service.tunnel === 'tls' ? 'ssl|' : ''}${service.service}` : '';
  return `${port.port}/${port.state}/${port.protocol}//${field(name)}//${field(version)}/`;
}

/** The state of most of the ports that are not listed, and their number. */
function ignoredState(host: HostResult): string[] {
  const counts = (['closed', 'filtered'] as const).map((state) => ({
    state,
    count: (host.coverage ?? []).reduce((sum, each) => sum + countPorts(each[state]), 0),
  }));
  const most = counts.reduce((a, b) => (b.count > a.count ? b : a));
  return most.count === 0 ? [] : [`Ignored State: ${most.state} (${most.count})`];
}

function field(text: string): string {
  return printable(text).replaceAll('/', '|').replaceAll(',', ';');
}
