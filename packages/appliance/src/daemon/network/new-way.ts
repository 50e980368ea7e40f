import { localCause } from './local-cause.ts';
import { managementPort, type NetworkView } from './network-view.ts';

/**
 * Whether the machine's network may lead to the platform now where it did not before: nothing is wrong with it in itself, and something was, or it has other
 * addresses, another gateway or other name servers. Gateways that do not answer are left out: the kernel forgets them after a while, and nothing is better
 * then. Pure.
 */
export function isNewWay(before: NetworkView, after: NetworkView, family: 4 | 6): boolean {
  if (localCause(withoutNeighbours(after), family) !== null) return false;
  return localCause(withoutNeighbours(before), family) !== null || wayOf(before) !== wayOf(after);
}

const withoutNeighbours = (view: NetworkView): NetworkView => ({ ...view, deadGateways: [] });

function wayOf(view: NetworkView): string {
  const port = managementPort(view);
  return JSON.stringify([port?.device, port?.addresses, port?.gateway, view.dns]);
}
