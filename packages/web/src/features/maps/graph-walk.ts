import { type PlacedNode, sizes } from './graph-layout.ts';

/** Where the keyboard is in the graph: a node, or a host of an open network. */
export interface Spot {
  readonly key: string;
  /** Index among the hosts of the network; null on the node itself. */
  readonly host: number | null;
}

/**
 * Where a key leads: right to what hangs on a node (or into the hosts of an open network), left back, up and down among siblings or
 * rows of hosts. Null when the key does not move. Pure.
 */
export function walk(nodes: readonly PlacedNode[], at: Spot, key: string): Spot | null {
  const here = nodes.find((one) => one.node.key === at.key);
  if (!here) return null;
  return at.host === null ? walkNodes(nodes, here, key) : walkHosts(here, at.host, key);
}

function walkNodes(nodes: readonly PlacedNode[], here: PlacedNode, key: string): Spot | null {
  switch (key) {
    case 'ArrowRight': {
      if (here.hosts && here.hosts.length > 0) return { key: here.node.key, host: 0 };
      return spot(nodes.find((one) => one.parent === here.node.key));
    }
    case 'ArrowLeft':
      return spot(nodes.find((one) => one.node.key === here.parent));
    case 'ArrowDown':
      return spot(beside(nodes, here, 1));
    case 'ArrowUp':
      return spot(beside(nodes, here, -1));
    case 'Home':
      return spot(nodes[0]);
    case 'End':
      return spot(nodes.at(-1));
    default:
      return null;
  }
}

/** The next of all nodes as they were placed: every node can be reached by going down alone. */
function beside(nodes: readonly PlacedNode[], here: PlacedNode, step: 1 | -1): PlacedNode | undefined {
  return nodes[nodes.indexOf(here) + step];
}

function walkHosts(here: PlacedNode, host: number, key: string): Spot | null {
  const { key: node } = here.node;
  const count = here.hosts?.length ?? 0;
  const to = (index: number): Spot | null => (index < count ? { key: node, host: index } : null);
  switch (key) {
    case 'ArrowRight':
      return to(host + 1);
    case 'ArrowLeft':
      return host === 0 ? { key: node, host: null } : to(host - 1);
    case 'ArrowDown':
      return to(host + sizes.columns);
    case 'ArrowUp':
      return host < sizes.columns ? { key: node, host: null } : to(host - sizes.columns);
    case 'Home':
      return { key: node, host: null };
    case 'End':
      return to(count - 1);
    case 'Escape':
      return { key: node, host: null };
    default:
      return null;
  }
}

function spot(node: PlacedNode | undefined): Spot | null {
  return node ? { key: node.node.key, host: null } : null;
}
