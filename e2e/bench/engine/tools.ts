import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { wire } from './ground.ts';
import type { Scenario } from './scenarios.ts';

export type ToolName = 'picket' | 'masscan' | 'zmap' | 'nmap';

/** How a tool is called, and what of its result file tells a find: `address port`, or `address` for hosts. */
export interface ToolCall {
  readonly argv: readonly string[];
  readonly finds: (text: string) => Set<string>;
}

const picket = fileURLToPath(new URL('../../../node_modules/.bin/picket', import.meta.url));

/** The command of a tool for a scenario; the result goes to `file` in `folder`. */
export function toolCall(
  tool: ToolName,
  scenario: Scenario,
  place: { folder: string; file: string; farMac: string },
): ToolCall {
  switch (tool) {
    case 'picket':
      return {
        argv: [picket, ...picketArguments(scenario), '--output', 'grepable', place.file],
        finds: grepable(scenario),
      };
    case 'masscan':
      return { argv: ['masscan', ...masscanArguments(scenario, place.farMac), '-oL', place.file], finds: masscanList };
    case 'zmap':
      return {
        argv: ['zmap', ...zmapArguments(scenario, place), '-o', place.file],
        finds: (text) => zmapList(text, scenario),
      };
    case 'nmap':
      return { argv: ['nmap', ...nmapArguments(scenario), '-oG', place.file], finds: grepable(scenario) };
  }
}

function picketArguments({ kind, targets, ports }: Scenario): string[] {
  if (kind === 'arp') return ['map', targets, '--profile', 'lab', '--no-names'];
  const wanted = kind === 'udp' ? `U:${ports}` : ports;
  // A plan of one port is its own search for hosts; with many, hosts are taken for granted, as the others do.
  const alive = /[,-]/.test(ports) ? ['--assume-alive'] : [];
  return ['scan', targets, '--ports', wanted, ...alive, '--profile', 'lab', '--no-services', '--no-names'];
}

/** As fast as it can. Two seconds are waited for late answers, by zmap too; their own defaults are ten and eight. */
function masscanArguments({ kind, targets, ports }: Scenario, farMac: string): string[] {
  const source = targets.includes(':') ? wire.near6 : wire.near;
  const what = kind === 'udp' ? `-pU:${ports}` : `-p${ports}`;
  const common = ['-e', wire.device, '--adapter-port', '61000', '--rate', '10000000', '--wait', '2'];
  const router = targets.includes(':') ? '--router-mac-ipv6' : '--router-mac';
  return ['--range', targets, what, ...common, '--adapter-ip', source, router, farMac];
}

function zmapArguments({ targets, ports }: Scenario, { folder, farMac }: { folder: string; farMac: string }): string[] {
  const common = [
    '-i',
    wire.device,
    '-S',
    wire.near,
    '-s',
    '61000-61999',
    '-G',
    farMac,
    '-b',
    join(folder, 'no-blocklist'),
  ];
  return ['-p', ports, '-r', '0', '--cooldown-time=2', '-q', ...common, targets];
}

function nmapArguments({ kind, targets, ports }: Scenario): string[] {
  const six = targets.includes(':') ? ['-6'] : [];
  const common = ['-n', '-T4', '--min-rate', '50000', ...six, targets];
  if (kind === 'arp') return ['-sn', '-PR', ...common];
  return [kind === 'udp' ? '-sU' : '-sS', '-Pn', '-p', ports, ...common];
}

/** `Host: 10.0.0.1 () Ports: 80/open/tcp//http///, ...`, or `Status: Up` in a search for hosts. */
function grepable(scenario: Scenario): (text: string) => Set<string> {
  return (text) => {
    const finds = new Set<string>();
    for (const line of text.split('\n')) {
      const host = /^Host: (\S+)/.exec(line)?.[1];
      if (host === undefined) continue;
      if (scenario.kind === 'arp' && line.includes('Status: Up')) finds.add(host);
      if (scenario.kind !== 'arp') for (const [, port] of line.matchAll(/(\d+)\/open\//g)) finds.add(`${host} ${port}`);
    }
    return finds;
  };
}

/** `open tcp 80 10.0.0.1 1700000000`. */
function masscanList(text: string): Set<string> {
  const lines = text.split('\n').map((line) => line.split(' '));
  return new Set(lines.filter(([state]) => state === 'open').map(([, , port, host]) => `${host} ${port}`));
}

function zmapList(text: string, { ports }: Scenario): Set<string> {
  const hosts = text.split('\n').filter((line) => /^[0-9.]+$/.test(line));
  return new Set(hosts.map((host) => `${host} ${ports}`));
}
