import type { MapAnswer } from '@picket/contracts/api/map';
import type { MapNetwork, MapRouter } from '@picket/contracts/map/map-result';
import { useState } from 'react';
import { Address } from '../../shared/components/address.tsx';
import { AppLink } from '../../shared/components/app-link.tsx';
import { type Column, DataTable } from '../../shared/components/data-table.tsx';
import { EmptyState } from '../../shared/components/empty-state.tsx';
import { pickedAfter } from '../../shared/components/picked-after.ts';
import { Section } from '../../shared/components/page.tsx';
import { NotKnown } from '../../shared/components/unknown.tsx';
import { formatCount } from '../../shared/format/number.ts';
import { paths } from '../../shared/paths.ts';
import classes from './maps.module.css';
import { ScanPicked } from './scan-map-hosts.tsx';
import { roleWord } from './role-words.ts';

const kinds: Readonly<Record<MapNetwork['kind'], string>> = {
  link: 'on link',
  route: 'routed',
  default: 'default route',
  assumed: 'size assumed',
};

function networkColumns(mapId: number): readonly Column<MapNetwork>[] {
  return [
    {
      key: 'prefix',
      title: 'Network',
      width: 'minmax(120px, 1.2fr)',
      cell: (network) => <Address>{network.prefix}</Address>,
    },
    { key: 'kind', title: 'Kind', width: '110px', cell: (network) => kinds[network.kind] },
    {
      key: 'gateways',
      title: 'Gateways',
      width: 'minmax(110px, 1fr)',
      wide: true,
      cell: (network) => <Address>{network.gateways.join(', ')}</Address>,
    },
    {
      key: 'via',
      title: 'Behind',
      width: 'minmax(110px, 1fr)',
      wide: true,
      cell: (network) => <Address>{network.via ?? ''}</Address>,
    },
    { key: 'link', title: 'Link', width: '90px', wide: true, cell: (network) => network.links.join(', ') },
    {
      key: 'hosts',
      title: 'Hosts',
      width: '72px',
      right: true,
      cell: (network) => (
        <AppLink to={paths.map(mapId)} filters={{ tab: 'hosts', network: network.prefix }}>
          {formatCount(network.hosts)}
        </AppLink>
      ),
    },
    {
      key: 'roles',
      title: 'Roles',
      width: 'minmax(120px, 2fr)',
      wide: true,
      cell: (network) => <span className="pk-truncate">{rolesText(network.roles)}</span>,
    },
  ];
}

function rolesText(roles: MapNetwork['roles']): string {
  return Object.entries(roles)
    .toSorted((a, b) => b[1] - a[1])
    .map(([role, hosts]) => `${hosts} ${roleWord(role).label.toLowerCase()}`)
    .join(', ');
}

const routerColumns: readonly Column<MapRouter>[] = [
  {
    key: 'address',
    title: 'Address',
    width: 'minmax(110px, 1fr)',
    cell: (router) => <Address>{router.address}</Address>,
  },
  {
    key: 'name',
    title: 'Name',
    width: 'minmax(90px, 1.2fr)',
    cell: (router) => (router.name ? <span className="pk-truncate">{router.name}</span> : <NotKnown>no name</NotKnown>),
  },
  {
    key: 'distance',
    title: 'Hop',
    width: '90px',
    right: true,
    cell: (router) => router.distance ?? <NotKnown>not traced</NotKnown>,
  },
  {
    key: 'forwards',
    title: 'Traced ways',
    width: '96px',
    right: true,
    wide: true,
    cell: (router) => formatCount(router.forwards),
  },
  {
    key: 'gateway',
    title: 'Gateway of',
    width: 'minmax(110px, 2fr)',
    wide: true,
    cell: (router) => <Address>{router.gatewayOf.join(', ')}</Address>,
  },
];

/** Networks, gateways and hops as tables. */
export function MapNetworks({ map }: { map: MapAnswer }) {
  const [picked, setPicked] = useState<ReadonlySet<string | number>>(new Set());
  return (
    <div className={classes.stack}>
      <ScanPicked job={map.job} targets={[...picked].map(String)} noun="network" onNone={() => setPicked(new Set())} />
      <Section title="Networks" flush>
        <DataTable
          label="Networks of the map"
          columns={networkColumns(map.job.id)}
          list={local(map.networks)}
          rowKey={(network) => network.prefix}
          picked={picked}
          onPick={(keys, on) => setPicked((before) => pickedAfter(before, keys, on))}
          rowName={(network) => network.prefix}
          maxHeight={400}
          empty={<EmptyState title="No networks" sentence="The map found no host and was told of no network." />}
        />
      </Section>
      <Section title="Gateways and hops" flush>
        <DataTable
          label="Gateways and hops"
          columns={routerColumns}
          list={local(map.routers)}
          rowKey={(router) => router.address}
          maxHeight={400}
          empty={<EmptyState title="No routers" sentence="No gateway is known and no way was traced." />}
        />
      </Section>
    </div>
  );
}

/** Rows that are all here already. */
function local<T>(items: readonly T[]) {
  const nothing = () => {};
  return { items, total: items.length, error: null, loading: false, hasMore: false, loadMore: nothing, retry: nothing };
}
