import type { Appliance } from '@picket/contracts/api/appliance';
import type { Network } from '@picket/contracts/api/network';

/**
 * The network that a new scan starts with: the newest that an appliance could scan now, else the one scanned last, else
 * the newest. Null when there is none. Pure.
 */
export function preferredNetwork(
  networks: readonly Pick<Network, 'id'>[],
  appliances: readonly Pick<Appliance, 'state' | 'online' | 'networkIds'>[],
  lastUsedId: number | null,
): number | null {
  const newestFirst = networks.map((one) => one.id).sort((a, b) => b - a);
  const served = new Set(
    appliances.filter((one) => one.state === 'active' && one.online).flatMap((one) => one.networkIds),
  );
  const lastUsed = newestFirst.find((id) => id === lastUsedId);
  return newestFirst.find((id) => served.has(id)) ?? lastUsed ?? newestFirst[0] ?? null;
}
