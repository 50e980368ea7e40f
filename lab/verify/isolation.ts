import { z } from 'zod';
import { type Lab, nsExec } from '../lab-control.ts';
import type { Statement } from './statement.ts';

const outside = ['198.51.100.1', '2001:db8::1', '192.0.2.1'];
const links = z.array(
  z.object({
    ifname: z.string(),
    link_netnsid: z.int().optional(),
    linkinfo: z.object({ info_kind: z.string() }).optional(),
  }),
);

/** Proves that nothing leaves the lab: no namespace has a route to an address outside, and each interface is a wire of the lab. */
export async function proveIsolation(lab: Lab): Promise<readonly Statement[]> {
  const roles = ['scan-switch', 'management-switch', 'scanner', 'platform'];
  const spaces = [...roles, ...lab.truth.hosts.map((host) => host.name)];
  const statements = await Promise.all(
    spaces.map(async (space) => [
      ...(await Promise.all(outside.map((address) => noRoute(lab, space, address)))),
      await onlyLabWires(lab, space),
    ]),
  );
  return [...statements.flat(), ...(await networksApart(lab)), await connectFails(lab)];
}

/** The platform has no way to the hosts and the hosts none to it: only the scanner stands in both networks. */
async function networksApart(lab: Lab): Promise<readonly Statement[]> {
  const first = lab.truth.hosts.find((host) => host.ipv4 !== undefined);
  if (first?.ipv4 === undefined) return [];
  const platform = lab.truth.managementNetwork.platform;
  return [
    await noRoute(lab, 'platform', first.ipv4),
    await noRoute(lab, first.name, platform.ipv4),
    await forwards(lab),
  ];
}

async function forwards(lab: Lab): Promise<Statement> {
  const keys = ['net.ipv4.ip_forward', 'net.ipv6.conf.all.forwarding'];
  const result = await nsExec(lab, 'scanner', ['sysctl', '-n', ...keys]);
  return {
    host: 'scanner',
    what: 'forwards nothing',
    holds: /^0\s+0\s*$/.test(result.stdout),
    detail: result.stdout.trim(),
  };
}

async function noRoute(lab: Lab, space: string, address: string): Promise<Statement> {
  const result = await nsExec(lab, space, ['ip', 'route', 'get', address]);
  return { host: space, what: `no route to ${address}`, holds: result.code !== 0, detail: result.stdout.trim() };
}

async function onlyLabWires(lab: Lab, space: string): Promise<Statement> {
  const result = await nsExec(lab, space, ['ip', '-j', '-d', 'link', 'show']);
  const strange = links
    .parse(JSON.parse(result.stdout))
    .filter((link) => link.ifname !== 'lo' && !['veth', 'bridge'].includes(link.linkinfo?.info_kind ?? ''));
  return {
    host: space,
    what: 'only wires of the lab',
    holds: strange.length === 0,
    detail: strange.map((link) => link.ifname).join(),
  };
}

async function connectFails(lab: Lab): Promise<Statement> {
  const result = await nsExec(lab, 'scanner', ['curl', '-sS', '--max-time', '3', `http://${outside[0]}/`]);
  return {
    host: 'scanner',
    what: 'cannot connect to the outside',
    holds: result.code === 7,
    detail: result.stderr.trim(),
  };
}
