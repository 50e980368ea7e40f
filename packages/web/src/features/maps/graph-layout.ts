import type { MapHostItem } from '@picket/contracts/api/map';
import { roleNames } from '@picket/contracts/map/role-rules';
import type { MapNode, MapTree } from './map-tree.ts';

/** A box of the drawing; all lengths in units of the drawing, 1 is a pixel at full size. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface PlacedNode {
  readonly node: MapNode;
  readonly box: Box;
  readonly parent: string | null;
  /** One of several that share the frame of a group, which has the line. */
  readonly grouped: boolean;
  readonly silent: number;
  /** Hosts in the order of their cells; null: the network is drawn as counts. */
  readonly hosts: readonly MapHostItem[] | null;
  /** Counts by role, most important role first. */
  readonly counts: readonly (readonly [role: string, hosts: number])[];
}

/** Networks behind one router with nothing behind them, in one frame. */
export interface Group {
  readonly box: Box;
  readonly parent: string;
}

export interface GraphLayout {
  readonly nodes: readonly PlacedNode[];
  readonly groups: readonly Group[];
  readonly width: number;
  readonly height: number;
}

/** Sizes of the parts. Cells are at least 24 pixels, which a finger hits (WCAG 2.5.8). */
export const sizes = {
  header: 44,
  pad: 10,
  cell: 28,
  columns: 9,
  countLine: 22,
  across: 56,
  between: 14,
} as const;

const boxOf = { scanner: [164, 44], router: [212, 54], network: [272, 0], rest: [212, 54] } as const;

/** Hosts that one network is drawn with; with more it stays counts. */
export const drawnHosts = 252;

interface Drawn {
  readonly nodes: PlacedNode[];
  readonly groups: Group[];
}

interface Sized {
  readonly node: MapNode;
  readonly silent: number;
  readonly hosts: readonly MapHostItem[] | null;
  readonly counts: PlacedNode['counts'];
  readonly width: number;
  readonly height: number;
  readonly inner: readonly Sized[];
  readonly leaves: readonly Sized[];
  /** Height of the whole subtree. */
  readonly span: number;
}

/**
 * Places the tree from left to right: each node in the middle of what hangs on it, networks without anything behind them packed in
 * columns. `hostsOf` gives the hosts of the networks that are drawn open. Pure: the same tree has the same drawing.
 */
export function layOut(tree: MapTree, hostsOf: ReadonlyMap<string, readonly MapHostItem[]>): GraphLayout {
  const drawn: Drawn = { nodes: [], groups: [] };
  place(measure(tree, hostsOf), { x: 0, y: 0, parent: null, grouped: false }, drawn);
  const boxes = [...drawn.nodes, ...drawn.groups].map(({ box }) => box);
  const width = Math.max(...boxes.map((box) => box.x + box.width));
  const height = Math.max(...boxes.map((box) => box.y + box.height));
  return { ...drawn, width, height };
}

function measure(tree: MapTree, hostsOf: ReadonlyMap<string, readonly MapHostItem[]>): Sized {
  const { node, silent } = tree;
  const children = tree.children.map((child) => measure(child, hostsOf));
  const leaves = children.filter(
    (child) => child.node.kind !== 'router' && child.inner.length + child.leaves.length === 0,
  );
  const inner = children.filter((child) => !leaves.includes(child));
  const hosts = node.kind === 'network' ? (hostsOf.get(node.network.prefix) ?? null) : null;
  const counts = node.kind === 'network' ? countsOf(node.network.roles) : [];
  const [width, least] = boxOf[node.kind];
  const height = node.kind === 'network' ? networkHeight(hosts, counts) : least;
  const innerSpan = inner.reduce((sum, child) => sum + child.span + sizes.between, 0);
  const span = Math.max(height, innerSpan + pack(leaves).height);
  return { node, silent, hosts, counts, width, height, inner, leaves, span };
}

function networkHeight(hosts: readonly MapHostItem[] | null, counts: PlacedNode['counts']): number {
  const rows = hosts ? Math.ceil(hosts.length / sizes.columns) * sizes.cell : counts.length * sizes.countLine;
  return sizes.header + rows + (rows === 0 ? 0 : sizes.pad);
}

/** Lines of counts in one network; roles beyond are one line together. */
const countLines = 5;

/** The roles that most hosts have, the most important first, hosts without a role last; the others summed up. */
function countsOf(roles: Readonly<Record<string, number>>): PlacedNode['counts'] {
  const entries = Object.entries(roles);
  if (entries.length <= countLines) return inOrder(entries);
  const byHosts = entries.toSorted((a, b) => b[1] - a[1]);
  const others = byHosts.slice(countLines - 1).reduce((sum, [, hosts]) => sum + hosts, 0);
  return [...inOrder(byHosts.slice(0, countLines - 1)), ['others', others]];
}

function inOrder(entries: readonly (readonly [string, number])[]): PlacedNode['counts'] {
  const order = (role: string) => {
    const at = roleNames.findIndex((name) => name === role);
    return at < 0 ? roleNames.length : at;
  };
  return entries.toSorted((a, b) => order(a[0]) - order(b[0]));
}

interface Packed {
  readonly items: readonly { readonly child: Sized; readonly x: number; readonly y: number }[];
  readonly width: number;
  readonly height: number;
  /** Space around them inside their frame; 0 without one. */
  readonly pad: number;
}

/** Networks in columns of about equal height, each into the shortest; several columns get a frame around them. */
function pack(leaves: readonly Sized[]): Packed {
  // About as wide as high, since a network that is not drawn open is wider than high.
  const count = Math.max(1, Math.min(8, Math.round(Math.sqrt(leaves.length))));
  const pad: number = count > 1 ? sizes.pad : 0;
  const columns = Array.from({ length: count }, () => pad);
  const items = leaves.map((child) => {
    const column = columns.indexOf(Math.min(...columns));
    const y = columns[column] ?? 0;
    columns[column] = y + child.height + sizes.between;
    return { child, x: pad + column * (boxOf.network[0] + sizes.between), y };
  });
  const width = 2 * pad + count * boxOf.network[0] + (count - 1) * sizes.between;
  return { items, width, height: Math.max(0, ...columns.map((height) => height - sizes.between + pad)), pad };
}

interface Start {
  readonly x: number;
  readonly y: number;
  readonly parent: string | null;
  readonly grouped: boolean;
}

function place(sized: Sized, at: Start, drawn: Drawn): void {
  const { node, silent, hosts, counts, width, height } = sized;
  const { parent, grouped } = at;
  const box = { x: at.x, y: at.y + (sized.span - height) / 2, width, height };
  drawn.nodes.push({ node, silent, hosts, counts, parent, grouped, box });
  const x = at.x + width + sizes.across;
  let y = at.y;
  for (const child of sized.inner) {
    place(child, { x, y, parent: node.key, grouped: false }, drawn);
    y += child.span + sizes.between;
  }
  const packed = pack(sized.leaves);
  const framed = packed.pad > 0;
  if (framed) drawn.groups.push({ parent: node.key, box: { x, y, width: packed.width, height: packed.height } });
  for (const { child, ...offset } of packed.items) {
    const start = { x: x + offset.x, y: y + offset.y, parent: node.key, grouped: framed };
    place({ ...child, span: child.height }, start, drawn);
  }
}
