import { type MapAnswer, mapHostItem, type MapHostItem } from '@picket/contracts/api/map';
import { roleNames } from '@picket/contracts/map/role-rules';
import { NativeSelect } from '@mantine/core';
import { useCallback, useState } from 'react';
import { useList } from '../../shared/api/use-list.ts';
import { Address } from '../../shared/components/address.tsx';
import { AppLink } from '../../shared/components/app-link.tsx';
import { type Column, DataTable, ListCount } from '../../shared/components/data-table.tsx';
import { EmptyState } from '../../shared/components/empty-state.tsx';
import { pickedAfter } from '../../shared/components/picked-after.ts';
import { Split } from '../../shared/components/page.tsx';
import { FilterBar, QueryLine } from '../../shared/components/query-line.tsx';
import { NotKnown } from '../../shared/components/unknown.tsx';
import { useFilters } from '../../shared/components/use-filters.ts';
import { paths } from '../../shared/paths.ts';
import { HostPanel } from './map-panel.tsx';
import classes from './maps.module.css';
import { RoleLine } from './role-list.tsx';
import { ScanPicked } from './scan-map-hosts.tsx';
import { roleWord } from './role-words.ts';

const columns: readonly Column<MapHostItem>[] = [
  {
    key: 'address',
    title: 'Address',
    width: 'minmax(110px, 1fr)',
    cell: (host) =>
      host.assetId === null ? (
        <Address>{host.address}</Address>
      ) : (
        <AppLink to={paths.asset(host.assetId)}>
          <Address>{host.address}</Address>
        </AppLink>
      ),
  },
  {
    key: 'name',
    title: 'Name',
    width: 'minmax(90px, 1.4fr)',
    cell: (host) => (host.name ? <span className="pk-truncate">{host.name}</span> : <NotKnown>no name</NotKnown>),
  },
  { key: 'roles', title: 'Roles', width: 'minmax(110px, 1.6fr)', cell: (host) => <RoleLine roles={host.roles} /> },
  {
    key: 'os',
    title: 'System',
    width: 'minmax(90px, 1fr)',
    wide: true,
    cell: (host) => (host.os ? <span className="pk-truncate">{host.os}</span> : <NotKnown />),
  },
  {
    key: 'mac',
    title: 'Interface',
    width: 'minmax(120px, 1.4fr)',
    wide: true,
    cell: (host) =>
      host.mac ? (
        <span className="pk-truncate">
          <Address>{host.mac}</Address> {host.macVendor ?? ''}
        </span>
      ) : (
        <NotKnown>not seen</NotKnown>
      ),
  },
  {
    key: 'network',
    title: 'Network',
    width: 'minmax(110px, 1fr)',
    wide: true,
    cell: (host) => <Address>{host.network}</Address>,
  },
  {
    key: 'reason',
    title: 'Showed itself by',
    width: '120px',
    wide: true,
    cell: (host) => <Address>{host.reason}</Address>,
  },
];

/** Most networks that the choice lists. */
const listedNetworks = 500;

/** The hosts of a map as a table: the same that the graph draws, searched and filtered by the server. */
export function MapHosts({ map }: { map: MapAnswer }) {
  const [filters, setFilters] = useFilters();
  const { q, role, network, open } = filters;
  const list = useList(mapHostItem, `/maps/${map.job.id}/hosts`, { q, role, network });
  const [picked, setPicked] = useState<ReadonlySet<string | number>>(new Set());
  const search = useCallback((next: string) => setFilters({ q: next }, { replace: true }), [setFilters]);
  const networks = map.networks.filter((one) => one.hosts > 0).slice(0, listedNetworks);
  return (
    <div className={classes.stack}>
      <FilterBar>
        <QueryLine label="Search hosts" placeholder="Address, name, MAC, maker" value={q ?? ''} onChange={search} />
        <NativeSelect
          size="xs"
          aria-label="Role"
          value={role ?? ''}
          onChange={(event) => setFilters({ role: event.currentTarget.value })}
          data={[
            { value: '', label: 'All roles' },
            ...roleNames.map((value) => ({ value, label: roleWord(value).label })),
            { value: 'none', label: 'Role not known' },
          ]}
        />
        <NativeSelect
          size="xs"
          aria-label="Network"
          value={network ?? ''}
          onChange={(event) => setFilters({ network: event.currentTarget.value })}
          data={[
            { value: '', label: 'All networks' },
            ...networks.map(({ prefix }) => ({ value: prefix, label: prefix })),
          ]}
        />
        <ListCount list={list} noun="host" />
        <ScanPicked job={map.job} targets={[...picked].map(String)} noun="host" onNone={() => setPicked(new Set())} />
      </FilterBar>
      <Split>
        <DataTable
          label="Hosts of the map"
          columns={columns}
          list={list}
          rowKey={(host) => host.address}
          openKey={open?.startsWith('host:') ? open.slice(5) : null}
          onOpen={(host) => setFilters({ open: `host:${host.address}` })}
          picked={picked}
          onPick={(keys, on) => setPicked((before) => pickedAfter(before, keys, on))}
          rowName={(host) => host.address}
          maxHeight={600}
          empty={
            <EmptyState title="No host matches" sentence="No host of this map fits the filters, or none was found." />
          }
        />
        {open?.startsWith('host:') ? (
          <HostPanel mapId={map.job.id} address={open.slice(5)} onClose={() => setFilters({ open: '' })} />
        ) : null}
      </Split>
    </div>
  );
}
