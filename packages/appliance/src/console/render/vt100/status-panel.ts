import type { ConsoleSettings } from '../../../local/console-settings.ts';
import type { ConsoleStatus, PortStatus } from '../../../local/console-status.ts';
import type { ConsoleState } from '../../machine/console-state.ts';

/** Rows of the panel. */
const height = 13;

/** Status, work, interfaces and settings, one fact a line. */
export function statusLines(state: ConsoleState): string[] {
  const { status, settings, readOnly } = state;
  if (status === null) return ['The appliance service has not answered yet.'];
  const facts: [string, string][] = [
    ['Platform', status.platform ?? 'none yet'],
    ['State', `${status.state}, ${status.polling === 'long' ? 'long polling' : 'plain polling'}`],
    ['Contact', status.lastContact?.replace('T', ' ').replace(/\.[0-9]+Z$/, ' UTC') ?? 'never'],
    ['Work', workText(status)],
    ['Waiting', `${Math.ceil(status.waitingBytes / 1024)} KB to be uploaded`],
    ...status.ports.flatMap(portFacts),
    ['DNS', status.dns.join(' ') || 'none'],
    ['Proxy', proxyText(settings)],
    ['Settings', readOnly === null ? settingsText(settings) : 'read-only here'],
    ...status.trouble.map((text): [string, string] => ['Trouble', text]),
    ['Software', status.softwareVersion],
  ];
  return facts.slice(0, height).map(([name, value]) => `${name.padEnd(9)}${value}`);
}

function workText({ scans }: ConsoleStatus): string {
  const first = scans.slice(0, 2).map((scan) => `${scan.kind} ${scan.scanId} ${scan.state}`);
  const more = scans.length > 2 ? ` and ${scans.length - 2} more` : '';
  return scans.length === 0 ? 'none' : `${first.join(', ')}${more}`;
}

function portFacts(port: PortStatus): [string, string][] {
  const name = port.port.toUpperCase();
  const link = !port.up ? 'down' : port.carrier === false ? 'no carrier' : 'up';
  const [first = 'no address', ...others] = port.addresses;
  return [
    [name, `${port.device} ${link} ${first}`],
    ...others.slice(0, 1).map((address): [string, string] => ['', address]),
    ['', `gateway ${port.gateway ?? 'none'}`],
  ];
}

function proxyText(settings: ConsoleSettings | null): string {
  const proxy = settings?.proxy ?? null;
  if (proxy === null) return settings === null ? 'not known' : 'none';
  return `${proxy.host}:${proxy.port}${proxy.user === null ? '' : ` as ${proxy.user}`}`;
}

function settingsText(settings: ConsoleSettings | null): string {
  if (settings === null) return 'not known';
  const lan = settings.lan.method === 'dhcp' ? 'DHCP' : 'static';
  const vlan = settings.lanVlan > 0 ? ` VLAN ${settings.lanVlan}` : '';
  const wan = settings.wan === null ? '' : `, WAN ${settings.wan.method === 'dhcp' ? 'DHCP' : 'static'}`;
  return `${settings.ipMode === 'ipv6-only' ? 'IPv6-only' : 'IPv4+v6'}, LAN ${lan}${vlan}${wan}`;
}
