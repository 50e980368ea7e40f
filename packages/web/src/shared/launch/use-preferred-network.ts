import { appliance } from '@picket/contracts/api/appliance';
import { scanSummary } from '@picket/contracts/api/scan';
import type { Network } from '@picket/contracts/api/network';
import { useList } from '../api/use-list.ts';
import { preferredNetwork } from './preferred-network.ts';

/** The network to start a new scan with; null until it is known. What can't be read counts as none. */
export function usePreferredNetwork(networks: readonly Network[]): number | null {
  const appliances = useList(appliance, '/appliances', {}, { limit: 500 });
  const scans = useList(scanSummary, '/scans', {}, { limit: 1 });
  if (appliances.loading || scans.loading) return null;
  return preferredNetwork(networks, appliances.items, scans.items[0]?.networkId ?? null);
}
