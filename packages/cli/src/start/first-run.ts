import { formatRange } from '@picket/base/ip';
import { appliance as applianceSchema } from '@picket/contracts/api/appliance';
import { type Network, network } from '@picket/contracts/api/network';
import { page } from '@picket/contracts/api/page';
import { type ScanDetail, scanSummary } from '@picket/contracts/api/scan';
import type { Plan } from '@picket/plan/plan';
import { z } from 'zod';
import type { AdminClient } from '../admin/admin-client.ts';

const networks = z.union([page(network).transform((list) => list.items), z.array(network)]);
const appliances = page(applianceSchema);
const scans = page(scanSummary);
const created = z.looseObject({ id: z.number().int() });

/** The network that stands for this machine: made by the platform at its first start. */
export async function loopbackNetwork(client: AdminClient): Promise<Network> {
  const all = await client.get('/api/v1/networks', networks);
  const found = all.find((each) => each.ranges.some((range) => range === '127.0.0.1')) ?? all[0];
  if (!found) throw new Error('the platform has no network for this machine');
  return found;
}

/** Enters the code that the appliance shows, as a Manager does in the web interface. */
export async function activate(client: AdminClient, code: string, networkIds: readonly number[]): Promise<void> {
  await client.post('/api/v1/appliances/activate', { code, name: 'this-machine', networkIds }, z.unknown());
}

/** True once the platform hears from that appliance. */
export async function isOnline(client: AdminClient, applianceId: number): Promise<boolean> {
  const { items } = await client.get('/api/v1/appliances', appliances);
  return items.some((each) => each.id === applianceId && each.online);
}

/** True when nothing was ever launched. */
export async function hasNoScans(client: AdminClient): Promise<boolean> {
  return (await client.get('/api/v1/scans?limit=1', scans)).total === 0;
}

/** Launches the first map or scan of this machine; nothing but loopback is touched. */
export async function launchLocal(client: AdminClient, kind: 'map' | 'scan', networkId: number): Promise<number> {
  const title = kind === 'map' ? 'First map: this machine' : 'First scan: this machine';
  const scan = await client.post('/api/v1/scans', { kind, networkId, targets: '127.0.0.1 ::1', title }, created);
  return scan.id;
}

/** Registers what was confirmed on the command line and launches it. */
export async function launchTargets(
  client: AdminClient,
  plan: Plan,
  targets: string,
  applianceIds: readonly number[],
): Promise<number> {
  const ranges = plan.ranges.map(formatRange).join('\n');
  const name = `Start ${new Date().toISOString().slice(0, 19)}`;
  const place = await client.post('/api/v1/networks', { name, ranges, exclusions: '', applianceIds }, created);
  const scan = await client.post(
    '/api/v1/scans',
    { kind: 'scan', networkId: place.id, targets, title: 'Targets of npm start' },
    created,
  );
  return scan.id;
}

/** `found 2 hosts and 4 open ports`, with the findings by severity. */
export function foundText(scan: ScanDetail): string {
  const findings = Object.entries(scan.findings)
    .reverse()
    .flatMap(([severity, count]) => (count > 0 ? [`${count} ${severity}`] : []));
  const tested = scan.complete ? '' : ' (incomplete: see the scan page for what was not tested)';
  return `${scan.hostsUp} host${scan.hostsUp === 1 ? '' : 's'}, ${scan.openPorts} open ports, findings: ${findings.join(', ') || 'none'}${tested}`;
}
