import { scanSummary } from '@picket/contracts/api/scan';
import { Button } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { z } from 'zod';
import { useList } from '../../shared/api/use-list.ts';
import { useMay } from '../../shared/api/use-session.ts';
import { Address } from '../../shared/components/address.tsx';
import { AppLink } from '../../shared/components/app-link.tsx';
import { type Column, DataTable, ListCount } from '../../shared/components/data-table.tsx';
import { EmptyState } from '../../shared/components/empty-state.tsx';
import { Page } from '../../shared/components/page.tsx';
import { pickedAfter } from '../../shared/components/picked-after.ts';
import { FilterBar, FilterChips } from '../../shared/components/query-line.tsx';
import { Counted, FindingCounts } from '../../shared/components/scan-extent.tsx';
import { isActive, ScanStatus } from '../../shared/components/scan-status.tsx';
import { Time } from '../../shared/components/time.tsx';
import { useFilters } from '../../shared/components/use-filters.ts';
import { formatTimeLeft } from '../../shared/format/duration.ts';
import { formatCount, formatPercent } from '../../shared/format/number.ts';
import { StopAllButton } from '../../shared/holds/stop-all-button.tsx';
import { useNewScan } from '../../shared/launch/new-scan-context.ts';
import { paths } from '../../shared/paths.ts';
import { CompareBar } from './compare-bar.tsx';

type Scan = z.infer<typeof scanSummary>;

/** A map that ended opens as a map; what still runs opens with its progress. */
function placeOf(scan: Scan): string {
  return scan.kind === 'map' && !isActive(scan.status) ? paths.map(scan.id) : paths.scan(scan.id);
}

const columns: readonly Column<Scan>[] = [
  {
    key: 'title',
    title: 'Title',
    width: 'minmax(120px, 2fr)',
    cell: (scan) => (
      <AppLink to={placeOf(scan)}>{scan.title || `${scan.kind === 'map' ? 'Map' : 'Scan'} ${scan.id}`}</AppLink>
    ),
  },
  {
    key: 'status',
    title: 'Status',
    width: '108px',
    cell: (scan) => <ScanStatus status={scan.status} complete={scan.complete} />,
  },
  { key: 'progress', title: 'Progress', width: '146px', wide: true, cell: (scan) => progressText(scan) },
  {
    key: 'targets',
    title: 'Targets',
    width: 'minmax(120px, 2fr)',
    wide: 'first',
    cell: (scan) => <Address title={scan.targets}>{scan.targets}</Address>,
  },
  {
    key: 'network',
    title: 'Network',
    width: 'minmax(90px, 1fr)',
    wide: 'first',
    cell: (scan) => <span className="pk-truncate">{scan.networkName}</span>,
  },
  {
    key: 'hosts',
    title: 'Hosts',
    width: '64px',
    right: true,
    wide: 'first',
    cell: (scan) => (
      <Counted scan={scan} count={scan.hostsUp} short>
        {formatCount(scan.hostsUp)}
      </Counted>
    ),
  },
  {
    key: 'findings',
    title: 'Findings',
    width: 'minmax(196px, 1.5fr)',
    wide: true,
    cell: (scan) => <FindingCounts scan={scan} />,
  },
  { key: 'created', title: 'Started', width: '84px', cell: (scan) => <Time at={scan.startedAt ?? scan.createdAt} /> },
];
const mapColumns = columns.filter((column) => column.key !== 'findings');

function progressText(scan: Scan): string {
  if (!isActive(scan.status)) return '';
  return `${formatPercent(scan.progress)}${scan.etaSeconds === null ? '' : `, ${formatTimeLeft(scan.etaSeconds)} left`}`;
}

const statuses = [
  { value: 'running', label: 'Running' },
  { value: 'queued', label: 'Queued' },
  { value: 'paused', label: 'Paused' },
  { value: 'finished', label: 'Finished' },
  { value: 'canceled', label: 'Cancelled' },
  { value: 'error', label: 'Error' },
];

/** Scans, newest first: what runs, what ran. */
export function ScansPage() {
  return <Jobs kind="scan" />;
}

/** Maps: the same list of the other kind. */
export function MapsPage() {
  return <Jobs kind="map" />;
}

function Jobs({ kind }: { kind: 'scan' | 'map' }) {
  const [filters, setFilters] = useFilters();
  const list = useList(scanSummary, '/scans', { kind, status: filters.status }, { refetchMs: 15_000 });
  const [chosen, setPicked] = useState<ReadonlySet<string | number>>(new Set());
  const picked = list.items.filter((scan) => chosen.has(scan.id)).map((scan) => scan.id);
  const newScan = useNewScan();
  const navigate = useNavigate();
  const may = useMay();
  const word = kind === 'map' ? 'map' : 'scan';
  const button = may.scan ? <Button onClick={() => newScan({ kind })}>{`New ${word}`}</Button> : null;
  return (
    <Page
      title={kind === 'map' ? 'Maps' : 'Scans'}
      fill
      about={
        <>
          <ListCount list={list} noun={word} /> <AppLink to={paths.schedules}>Schedules</AppLink>{' '}
          <AppLink to={paths.optionProfiles}>Option profiles</AppLink>
        </>
      }
      actions={
        <>
          <StopAllButton />
          {kind === 'map' ? button : null}
        </>
      }
    >
      <FilterBar>
        <FilterChips
          label="Status"
          single
          options={statuses}
          value={filters.status ?? ''}
          onChange={(status) => setFilters({ status })}
        />
      </FilterBar>
      <CompareBar picked={picked} onClear={() => setPicked(new Set())} />
      <DataTable
        label={kind === 'map' ? 'Maps' : 'Scans'}
        {...(kind === 'map'
          ? {}
          : {
              picked: chosen,
              onPick: (keys: readonly (string | number)[], on: boolean) =>
                setPicked((before) => pickedAfter(before, keys, on)),
              rowName: (scan: Scan) => scan.title || `scan ${scan.id}`,
            })}
        columns={kind === 'map' ? mapColumns : columns}
        list={list}
        rowKey={(scan) => scan.id}
        onOpen={(scan) => void navigate({ to: placeOf(scan) })}
        empty={
          filters.status ? (
            <EmptyState
              title={`No ${word} with this status`}
              sentence="Take the filter away to see all."
              action={
                <Button variant="default" onClick={() => setFilters({ status: '' })}>
                  Show all
                </Button>
              }
            />
          ) : (
            <EmptyState
              title={`No ${word}s yet`}
              sentence={
                kind === 'map'
                  ? 'A map finds which addresses of a network have a host.'
                  : 'A scan finds hosts, open ports, services and weaknesses.'
              }
              action={button}
              example={kind === 'map' ? 'map 10.0.0.0/16 before you scan it' : 'scan 127.0.0.1 with the normal profile'}
            />
          )
        }
      />
    </Page>
  );
}
