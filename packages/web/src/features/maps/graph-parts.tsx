import type { MapHostItem } from '@picket/contracts/api/map';
import { type MapLink, shownRole } from '@picket/contracts/map/map-result';
import { memo } from 'react';
import { plural } from '../../shared/format/number.ts';
import { type Box, type GraphLayout, type PlacedNode, sizes } from './graph-layout.ts';
import type { Spot } from './graph-walk.ts';
import classes from './map-graph.module.css';
import { routerKey } from './map-tree.ts';
import { roleWord } from './role-words.ts';

interface NodeProps {
  readonly placed: PlacedNode;
  readonly spot: Spot;
  readonly openKey: string;
  readonly onSpot: (spot: Spot) => void;
  readonly onOpen: (key: string) => void;
}

/** A node with what is in it. */
export function GraphNode({ placed, spot, openKey, onSpot, onOpen }: NodeProps) {
  const { node, box, hosts, counts } = placed;
  const [title, about] = nodeText(placed);
  const said = hosts ? [] : counts.map(([role, count]) => `${roleWord(role).label} ${count}`);
  const open = () => {
    onSpot({ key: node.key, host: null });
    onOpen(node.key);
  };
  return (
    <g transform={`translate(${box.x} ${box.y})`}>
      <g
        role="button"
        aria-label={[title, about, ...said].join(', ')}
        aria-pressed={openKey === node.key}
        data-spot={node.key}
        tabIndex={spot.key === node.key && spot.host === null ? 0 : -1}
        className={classes.node}
        data-kind={node.kind === 'network' ? node.network.kind : node.kind}
        onClick={open}
        onFocus={() => onSpot({ key: node.key, host: null })}
        onKeyDown={(event) => onEnter(event, open)}
      >
        <rect className={classes.box} width={box.width} height={box.height} rx={6} />
        {/* The blanks keep the words apart for those who compare what is read out with what is seen. */}
        <text className={classes.title} x={12} y={20}>
          {title}
        </text>{' '}
        <text className={classes.about} x={12} y={36}>
          {about}
        </text>{' '}
        {hosts ? null : <Counts counts={counts} />}
      </g>
      {hosts?.map((host, index) => (
        <HostCell
          key={host.address}
          host={host}
          index={index}
          spotKey={node.key}
          focused={spot.key === node.key && spot.host === index}
          open={openKey === `host:${host.address}`}
          onSpot={onSpot}
          onOpen={onOpen}
        />
      ))}
    </g>
  );
}

function onEnter(event: React.KeyboardEvent, act: () => void): void {
  if (event.key !== 'Enter' && event.key !== ' ') return;
  event.preventDefault();
  event.stopPropagation();
  act();
}

/** Two lines: what it is, and what is to know of it. */
function nodeText({ node, silent }: PlacedNode): readonly [string, string] {
  const behind = silent === 0 ? '' : `, after ${plural(silent, 'silent hop')}`;
  switch (node.kind) {
    case 'scanner':
      return ['Scanner', 'where the map begins'];
    case 'router': {
      const { router } = node;
      const name = router.name ? `${router.address} ${cut(router.name, 14)}` : router.address;
      const role = router.gatewayOf.length > 0 ? 'gateway' : 'hop';
      const far = router.distance === null ? '' : `, hop ${router.distance}`;
      return [cut(name, 32), `${role}${far}${behind}`];
    }
    case 'network': {
      const { network } = node;
      const vlan = network.vlans.length > 0 ? `, VLAN ${network.vlans.join(', ')}` : '';
      return [network.prefix, `${kindWords[network.kind]}${vlan}, ${plural(network.hosts, 'host')}`];
    }
    case 'rest':
      return [`${plural(node.networks, 'more network')}`, `${plural(node.hosts, 'host')}; see the tab Networks`];
  }
}

const kindWords = { link: 'on link', route: 'routed', default: 'default route', assumed: 'size assumed' } as const;

function cut(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length - 1)}…` : text;
}

function Counts({ counts }: { counts: PlacedNode['counts'] }) {
  return counts.map(([role, hosts], index) => {
    const { label, icon: Icon } = roleWord(role);
    const y = sizes.header + index * sizes.countLine;
    return (
      <g key={role} className={classes.count} data-role={role}>
        <Icon x={12} y={y} width={16} height={16} aria-hidden="true" />
        <text x={36} y={y + 13}>
          {label}
        </text>{' '}
        <text x={260} y={y + 13} textAnchor="end">
          {hosts}
        </text>{' '}
      </g>
    );
  });
}

interface CellProps {
  readonly host: MapHostItem;
  readonly index: number;
  readonly spotKey: string;
  readonly focused: boolean;
  readonly open: boolean;
  readonly onSpot: (spot: Spot) => void;
  readonly onOpen: (key: string) => void;
}

/** One host: its role as a mark, a guess with a broken line around it. */
const HostCell = memo(function HostCell({ host, index, spotKey, focused, open, onSpot, onOpen }: CellProps) {
  const role = shownRole(host);
  const { label, icon: Icon } = roleWord(role);
  const act = () => {
    onSpot({ key: spotKey, host: index });
    onOpen(`host:${host.address}`);
  };
  const { pad, cell, columns, header } = sizes;
  const sure = host.roles[0]?.strength === 'guess' ? ', a guess' : '';
  const title = `${host.address}${host.name ? ` ${host.name}` : ''}, ${label}${sure}`;
  return (
    <g
      role="button"
      aria-label={title}
      aria-pressed={open}
      data-spot={`${spotKey}/${index}`}
      tabIndex={focused ? 0 : -1}
      className={classes.host}
      data-role={role}
      data-strength={host.roles[0]?.strength ?? 'none'}
      transform={`translate(${pad + (index % columns) * cell} ${header + Math.floor(index / columns) * cell})`}
      onClick={act}
      onFocus={() => onSpot({ key: spotKey, host: index })}
      onKeyDown={(event) => onEnter(event, act)}
    >
      <title>{title}</title>
      <rect width={cell - 3} height={cell - 3} rx={4} />
      <Icon x={4.5} y={4.5} width={16} height={16} aria-hidden="true" />
    </g>
  );
});

/** Lines from each node to what hangs on it; with `links` also the ways that no line of the tree shows. */
export function GraphLinks({ layout, links }: { layout: GraphLayout; links: readonly MapLink[] }) {
  const { nodes, groups } = layout;
  const byKey = new Map(nodes.map((placed) => [placed.node.key, placed]));
  return (
    <g aria-hidden="true">
      {nodes.map((placed) => {
        const parent = placed.parent === null ? undefined : byKey.get(placed.parent);
        if (!parent || placed.grouped) return null;
        return (
          <path
            key={placed.node.key}
            className={classes.line}
            data-silent={placed.silent > 0}
            d={bend(parent, placed)}
          />
        );
      })}
      {groups.map((group) => {
        const parent = byKey.get(group.parent);
        return (
          <g key={group.parent}>
            <rect className={classes.group} {...group.box} rx={8} />
            {parent ? <path className={classes.line} d={bend(parent, group, group.box.height / 2)} /> : null}
          </g>
        );
      })}
      {links.map((link) => {
        const from = byKey.get(link.from === null ? 'scanner' : routerKey(link.from));
        const to = byKey.get(routerKey(link.to));
        if (!from || !to || to.parent === from.node.key) return null;
        return <path key={`${link.from ?? ''}>${link.to}`} className={classes.way} d={bend(from, to)} />;
      })}
    </g>
  );
}

/** From the right side of one to the left side of the other; the head of a tall network, not its middle. */
function bend(from: PlacedNode, to: { readonly box: Box }, down = Math.min(to.box.height / 2, 22)): string {
  const x = from.box.x + from.box.width;
  const y = from.box.y + Math.min(from.box.height / 2, 22);
  const endY = to.box.y + down;
  const middle = x + sizes.across / 2;
  return `M${x} ${y} C${middle} ${y} ${middle} ${endY} ${to.box.x} ${endY}`;
}
