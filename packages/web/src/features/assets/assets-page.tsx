import { asset, type Asset } from '@picket/contracts/api/inventory';
import { network } from '@picket/contracts/api/network';
import { tag } from '@picket/contracts/api/tag';
import { assetGroup } from '@picket/contracts/api/people';
import { Button } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useCallback, useState } from 'react';
import { useList } from '../../shared/api/use-list.ts';
import { Address } from '../../shared/components/address.tsx';
import { AppLink } from '../../shared/components/app-link.tsx';
import { type Column, DataTable, ListCount } from '../../shared/components/data-table.tsx';
import { EmptyState } from '../../shared/components/empty-state.tsx';
import { pickedAfter } from '../../shared/components/picked-after.ts';
import { Page } from '../../shared/components/page.tsx';
import { FilterBar, FilterChips, QueryLine } from '../../shared/components/query-line.tsx';
import { SeverityCounts } from '../../shared/components/severity.tsx';
import { Time } from '../../shared/components/time.tsx';
import { NotKnown } from '../../shared/components/unknown.tsx';
import { useFilters } from '../../shared/components/use-filters.ts';
import { useNewScan } from '../../shared/launch/new-scan-context.ts';
import { paths } from '../../shared/paths.ts';
import { TagPicked } from './tag-picked.tsx';

const columns: readonly Column<Asset>[] = [
  {
    key: 'address',
    title: 'Address',
    width: 'minmax(112px, 1.2fr)',
    sort: 'address',
    cell: (one) => (
      <AppLink to={paths.asset(one.id)}>
        <Address>{one.address}</Address>
      </AppLink>
    ),
  },
  {
    key: 'name',
    title: 'Name',
    width: 'minmax(70px, 1.6fr)',
    sort: 'name',
    cell: (one) => (one.name ? <span className="pk-truncate">{one.name}</span> : <NotKnown>no name</NotKnown>),
  },
  {
    key: 'network',
    title: 'Network',
    width: 'minmax(90px, 1fr)',
    wide: true,
    cell: (one) => <span className="pk-truncate">{one.networkName}</span>,
  },
  {
    key: 'os',
    title: 'OS',
    width: 'minmax(100px, 1.2fr)',
    wide: true,
    cell: (one) => (one.os ? <span className="pk-truncate">{one.os}</span> : <NotKnown />),
  },
  {
    key: 'tags',
    title: 'Tags',
    width: 'minmax(80px, 1fr)',
    wide: true,
    cell: (one) => <span className="pk-truncate">{one.tags.map((own) => own.name).join(', ')}</span>,
  },
  {
    key: 'ports',
    title: 'Open ports',
    width: '84px',
    right: true,
    wide: true,
    cell: (one) => (one.lastScanned ? one.openPorts : <NotKnown>not scanned</NotKnown>),
  },
  {
    key: 'risk',
    title: 'Detections',
    width: 'minmax(122px, 1.4fr)',
    sort: 'risk',
    cell: (one) => (one.lastScanned ? <SeverityCounts counts={one.detections} /> : <NotKnown>only mapped</NotKnown>),
  },
  {
    key: 'seen',
    title: 'Last seen',
    width: '92px',
    wide: true,
    sort: 'lastSeen',
    cell: (one) => <Time at={one.lastSeen} />,
  },
];

/** What do we have, and which is worst? `x` picks assets to scan. */
export function AssetsPage() {
  const [filters, setFilters] = useFilters();
  const { q, networkId, assetGroupId, tagId, sort } = filters;
  const list = useList(asset, '/assets', { q, networkId, assetGroupId, tagId, sort });
  const tags = useList(tag, '/tags', {}, { limit: 200 });
  const groups = useList(assetGroup, '/asset-groups', {}, { limit: 500 });
  const networks = useList(network, '/networks', {}, { limit: 500 });
  const [picked, setPicked] = useState<ReadonlySet<string | number>>(new Set());
  const search = useCallback((next: string) => setFilters({ q: next }, { replace: true }), [setFilters]);
  const newScan = useNewScan();
  const navigate = useNavigate();
  const targets = list.items.filter((one) => picked.has(one.id));
  return (
    <Page
      title="Assets"
      fill
      about={
        <>
          <ListCount list={list} noun="asset" /> <AppLink to={paths.tags}>Tags</AppLink>
        </>
      }
      actions={
        targets.length > 0 ? (
          <>
            <Button
              onClick={() =>
                newScan({
                  targets: targets.map((one) => one.address).join('\n'),
                  ...(targets[0] ? { networkId: targets[0].networkId } : {}),
                })
              }
            >
              Scan {targets.length} picked
            </Button>
            <TagPicked assets={targets} tags={tags.items} />
            <Button variant="default" onClick={() => setPicked(new Set())}>
              Pick none
            </Button>
          </>
        ) : null
      }
    >
      <FilterBar>
        <QueryLine
          label="Search assets"
          placeholder="Name, address, prefix or range"
          value={q ?? ''}
          onChange={search}
        />
        {networks.items.length > 1 ? (
          <FilterChips
            label="Network"
            shown
            single
            options={networks.items.map((one) => ({ value: String(one.id), label: one.name }))}
            value={networkId ?? ''}
            onChange={(next) => setFilters({ networkId: next })}
          />
        ) : null}
        {groups.items.length > 1 || assetGroupId ? (
          <FilterChips
            label="Asset group"
            shown
            single
            options={groups.items.map((one) => ({ value: String(one.id), label: one.name }))}
            value={assetGroupId ?? ''}
            onChange={(next) => setFilters({ assetGroupId: next })}
          />
        ) : null}
        {tags.items.length > 0 ? (
          <FilterChips
            label="Tag"
            shown
            single
            options={tags.items.map((one) => ({ value: String(one.id), label: one.name }))}
            value={tagId ?? ''}
            onChange={(next) => setFilters({ tagId: next })}
          />
        ) : null}
      </FilterBar>
      <DataTable
        label="Assets"
        columns={columns}
        list={list}
        rowKey={(one) => one.id}
        picked={picked}
        onPick={(keys, on) => setPicked((before) => pickedAfter(before, keys, on))}
        onOpen={(one) => void navigate({ to: paths.asset(one.id) })}
        sort={sort ?? 'risk'}
        onSort={(next) => setFilters({ sort: next === 'risk' ? '' : next })}
        empty={
          q || networkId || assetGroupId || tagId ? (
            <EmptyState
              title="Nothing matches"
              sentence="No asset fits the filters."
              action={
                <Button
                  variant="default"
                  onClick={() => setFilters({ q: '', networkId: '', assetGroupId: '', tagId: '' })}
                >
                  Clear filters
                </Button>
              }
            />
          ) : (
            <EmptyState
              title="No assets yet"
              sentence="Every host that a map or scan finds is kept here over time."
              action={<Button onClick={() => newScan({ kind: 'map' })}>New map</Button>}
              example="map 10.0.0.0/24"
            />
          )
        }
      />
    </Page>
  );
}
