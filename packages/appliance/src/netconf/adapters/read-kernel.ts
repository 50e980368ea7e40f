import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import {
  managementTable,
  type Observed,
  type ObservedDevice,
  type ObservedSpace,
  type Route,
  routeProtocol,
  type Rule,
  rulePriority,
  type SpaceName,
} from '../kernel-state.ts';
import { familyOf } from '../prefix.ts';
import { loadedFirewall } from './firewall.ts';
import { ipIn, type Spaces } from './spaces.ts';
import { readSysctls } from './sysctl.ts';
import type { RunTool } from './tool.ts';

/** Where `ip netns` keeps the names of namespaces. */
export const namespaceFolder = '/run/netns';

/** Reads everything that plans are compared with. `sysctls`: the paths to read. */
export async function readKernel(
  run: RunTool,
  spaces: Spaces,
  sysctls: Readonly<Record<SpaceName, readonly string[]>>,
): Promise<Observed> {
  const isThere = existsSync(join(namespaceFolder, spaces.management));
  return {
    scan: await readSpace(run, spaces, 'scan', sysctls.scan),
    management: isThere ? await readSpace(run, spaces, 'management', sysctls.management) : null,
  };
}

async function readSpace(
  run: RunTool,
  spaces: Spaces,
  space: SpaceName,
  paths: readonly string[],
): Promise<ObservedSpace> {
  const ask = async <T>(args: readonly string[], schema: z.ZodType<T>): Promise<T> => {
    const done = await run([...ipIn(spaces, space), '-json', ...args]);
    if (done.code !== 0) throw new Error(`ip ${args.join(' ')}: ${done.stderr.trim().slice(0, 300)}`);
    return schema.parse(JSON.parse(done.stdout === '' ? '[]' : done.stdout));
  };
  const routes = ['route', 'show', 'table', 'all', 'proto', String(routeProtocol)];
  return {
    devices: (await ask(['-d', 'addr'], z.array(deviceJson))).map(deviceOf),
    routes: [
      ...(await ask(['-4', ...routes], z.array(routeJson))).flatMap(routeOf(4)),
      ...(await ask(['-6', ...routes], z.array(routeJson))).flatMap(routeOf(6)),
    ],
    rules: [
      ...(await ask(['-4', 'rule'], z.array(ruleJson))).flatMap(ruleOf(4)),
      ...(await ask(['-6', 'rule'], z.array(ruleJson))).flatMap(ruleOf(6)),
    ],
    sysctls: await readSysctls(run, spaces, space, paths),
    firewall: await loadedFirewall(run, spaces, space),
  };
}

/** The fields of `ip -json -d addr` that are used; iproute2 leaves out what is false. */
const deviceJson = z.object({
  ifname: z.string(),
  link: z.string().optional(),
  flags: z.array(z.string()),
  address: z.string().optional(),
  linkinfo: z
    .object({ info_kind: z.string().optional(), info_data: z.object({ id: z.int().optional() }).optional() })
    .optional(),
  addr_info: z
    .array(
      z.object({
        local: z.string().optional(),
        prefixlen: z.int(),
        scope: z.string(),
        dynamic: z.boolean().optional(),
        mngtmpaddr: z.boolean().optional(),
        tentative: z.boolean().optional(),
        dadfailed: z.boolean().optional(),
      }),
    )
    .default([]),
});

function deviceOf(json: z.infer<typeof deviceJson>): ObservedDevice {
  const { linkinfo, link } = json;
  const id = linkinfo?.info_kind === 'vlan' ? linkinfo.info_data?.id : undefined;
  return {
    device: json.ifname,
    mac: json.address ?? null,
    up: json.flags.includes('UP'),
    carrier: json.flags.includes('LOWER_UP'),
    vlan: id === undefined || link === undefined ? null : { id, parent: link },
    addresses: json.addr_info.flatMap((each) =>
      each.local === undefined
        ? []
        : [
            {
              cidr: `${each.local}/${each.prefixlen}`,
              family: familyOf(each.local),
              scope: each.scope,
              dynamic: each.dynamic === true && each.mngtmpaddr === true,
              tentative: each.tentative === true,
              duplicate: each.dadfailed === true,
            },
          ],
    ),
  };
}

const routeJson = z.object({
  dst: z.string(),
  gateway: z.string().optional(),
  dev: z.string().optional(),
  table: z.string().optional(),
});

const routeOf =
  (family: 4 | 6) =>
  ({ dst, gateway, dev, table }: z.infer<typeof routeJson>): Route[] => {
    if (dev === undefined) return [];
    const length = family === 4 ? 32 : 128;
    const destination = dst === 'default' || dst.includes('/') ? dst : `${dst}/${length}`;
    const inTable = table === String(managementTable) ? managementTable : 'main';
    return [{ destination, family, gateway: gateway ?? null, device: dev, table: inTable }];
  };

const ruleJson = z.object({
  priority: z.int(),
  uid_start: z.int().optional(),
  table: z.string().optional(),
  action: z.string().optional(),
});

const ruleOf =
  (family: 4 | 6) =>
  ({ priority, uid_start: uid, table, action }: z.infer<typeof ruleJson>): Rule[] => {
    if (uid === undefined) return [];
    if (priority === rulePriority.table && table === String(managementTable))
      return [{ family, priority, uid, action: managementTable }];
    return priority === rulePriority.unreachable && action === 'unreachable'
      ? [{ family, priority, uid, action: 'unreachable' }]
      : [];
  };
