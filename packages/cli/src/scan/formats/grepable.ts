import { printable } from '../../terminal/output.ts';
import { openPorts, type ScanResult } from '../scan-result.ts';

/**
 * One line a host for grep, cut and awk: `Host: 10.0.0.1 (name)\tPorts: 22/open/tcp//ssh//OpenSSH 9.2p1/, ...`. Fields of a
 * port: number/state/protocol/owner/service/rpc/version/; a slash in a field becomes `|`.
 */
export function grepable(result: ScanResult): string {
  const field = (text: string) => text && printable(text).replaceAll('/', '|').replaceAll(',', ';');
  const lines = [...result.hosts.values()].map((host) => {
    const name = host.host?.names?.[0]?.name ?? '';
    const ports = openPorts(host).map((port) => {
      const service = host.services.get(`${port.protocol}/${port.port}`);
      const version = [service?.product, service?.version].filter((part) => part !== undefined).join(' ');
      return `${port.port}/${port.state}/${port.protocol}//${field(service?.service ?? '')}//${field(version)}/`;
    });
    return `Host: ${host.address} (${field(name)})\tStatus: Up${ports.length > 0 ? `\tPorts: ${ports.join(', ')}` : ''}\n`;
  });
  return lines.join('');
}
