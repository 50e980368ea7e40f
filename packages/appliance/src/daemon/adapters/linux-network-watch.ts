import { readFile } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';
import { canonicalIp } from '@picket/base/ip';
import type { PortStatus } from '../../local/console-status.ts';
import type { NetworkWatch } from '../network/network-view.ts';
import {
  type DefaultRoute,
  parseDeadNeighbours,
  parseIpv6Routes,
  parseResolvers,
  parseRoutes,
} from '../network/proc-parsers.ts';

/** Reads /proc, /sys and resolv.conf; changes nothing. On other systems than Linux it knows addresses only. */
export const linuxNetworkWatch: NetworkWatch = {
  look: async (devices) => {
    const routes = [
      ...parseRoutes(await read('/proc/net/route')),
      ...parseIpv6Routes(await read('/proc/net/ipv6_route')),
    ];
    const lan = devices.lan ?? routes[0]?.device ?? firstDevice();
    const wanted = [['lan', lan] as const, ['wan', devices.wan] as const];
    const ports = await Promise.all(
      wanted.flatMap(([port, device]) => (device === null ? [] : [portStatus(port, device, routes)])),
    );
    return {
      ports,
      dns: parseResolvers(await read('/etc/resolv.conf')),
      deadGateways: parseDeadNeighbours(await read('/proc/net/arp')),
      invalid: [],
    };
  },
};

/** IFF_UP of linux/if.h. */
const up = 1;

async function portStatus(port: 'lan' | 'wan', device: string, routes: readonly DefaultRoute[]): Promise<PortStatus> {
  const folder = `/sys/class/net/${device}`;
  const flags = Number((await read(`${folder}/flags`)).trim());
  const carrier = (await read(`${folder}/carrier`)).trim();
  const addresses = networkInterfaces()[device] ?? [];
  const gateway = routes.find((route) => route.device === device)?.gateway ?? null;
  return {
    port,
    device,
    up: Number.isInteger(flags) && flags > 0 ? (flags & up) === up : addresses.length > 0,
    carrier: carrier === '' ? null : carrier === '1',
    mac: (await read(`${folder}/address`)).trim() || (addresses[0]?.mac ?? null),
    addresses: addresses.flatMap(({ cidr }) => (cidr === null || /^fe80:/i.test(cidr) ? [] : [cidr])).slice(0, 16),
    gateway: gateway === null ? null : (canonicalIp(gateway) ?? gateway),
  };
}

/** Without a default route: the first device with an address, the loopback one last. */
function firstDevice(): string | null {
  const names = Object.keys(networkInterfaces());
  return names.find((name) => name !== 'lo') ?? names[0] ?? null;
}

/** Small files of the system; what is not there is empty. */
async function read(path: string): Promise<string> {
  return (await readFile(path, 'utf8').catch(() => '')).slice(0, 1_000_000);
}
