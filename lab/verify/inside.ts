import { readlink } from 'node:fs/promises';
import { namespacePids } from '@picket/testkit/namespaces/namespace';
import { runCommand } from '@picket/testkit/namespaces/run-command';
import { z } from 'zod';
import { expectedPorts, hostExec, type Lab, nsExec } from '../lab-control.ts';
import { parseListening, portKey } from '../listening.ts';
import { hostAddresses, type TruthHost } from '../truth.ts';
import { sameSet, type Statement } from './statement.ts';

/** Proves, inside a host: its addresses are the truth's, and `ss` shows exactly the truth's ports. */
export async function proveInside(lab: Lab, host: TruthHost): Promise<readonly Statement[]> {
  const listening = parseListening((await hostExec(lab, host.name, ['ss', '-ltnuH'])).stdout);
  const addresses = await globalAddresses(lab, host.name);
  return [
    sameSet(host.name, 'ports', listening.map(portKey), expectedPorts(host)),
    sameSet(host.name, 'addresses', addresses, hostAddresses(host)),
  ];
}

const addressList = z.array(z.object({ addr_info: z.array(z.object({ local: z.string(), scope: z.string() })) }));

async function globalAddresses(lab: Lab, host: string): Promise<readonly string[]> {
  const result = await nsExec(lab, host, ['ip', '-j', 'addr', 'show']);
  const devices = addressList.parse(JSON.parse(result.stdout));
  return devices
    .flatMap((device) => device.addr_info)
    .filter((address) => address.scope === 'global')
    .map((address) => address.local);
}

/** Proves that the programs which run on a host come from the Debian packages that the truth names (dpkg tells whose each file is). */
export async function provePackages(lab: Lab, host: TruthHost): Promise<readonly Statement[]> {
  const pids = await namespacePids(lab.names.namespace(host.name));
  const links = await Promise.all(pids.map((pid) => readlink(`/proc/${pid}/exe`).catch(() => '')));
  // dpkg knows some files by the path they had before /usr was merged.
  const paths = [...new Set(links.filter(Boolean))].flatMap((path) => [path, path.replace(/^\/usr/, '')]);
  const owners = (await runCommand(['dpkg-query', '-S', ...paths])).stdout
    .split('\n')
    .map((line) => line.split(':')[0] ?? '');
  const wanted = [...host.services, ...host.hidden].map((service) => service.listener ?? service.package);
  return [...new Set(wanted)]
    .filter((name) => name !== undefined)
    .map((name) => ({
      host: host.name,
      what: `package ${name}`,
      // A versioned package (postgresql-15) stands for the plain name.
      holds: owners.some((owner) => owner === name || new RegExp(`^${name}-\\d+$`).test(owner)),
      detail: `the host runs programs of ${[...new Set(owners.filter(Boolean))].join(', ')}`,
    }));
}
