import { detection } from '@picket/contracts/api/inventory';
import { Button } from '@mantine/core';
import { useCallback } from 'react';
import { useList } from '../../shared/api/use-list.ts';
import { DataTable, ListCount } from '../../shared/components/data-table.tsx';
import { EmptyState } from '../../shared/components/empty-state.tsx';
import { Page, Split } from '../../shared/components/page.tsx';
import { FilterBar, FilterChips, FixedChip, QueryLine } from '../../shared/components/query-line.tsx';
import { Severity, worstFirst } from '../../shared/components/severity.tsx';
import { useFilters } from '../../shared/components/use-filters.ts';
import { formatExact } from '../../shared/format/time.ts';
import { detectionColumns } from '../../shared/inventory/detection-columns.tsx';
import { DetectionPanel } from '../../shared/inventory/detection-panel.tsx';
import { GroupedDetections } from './grouped-detections.tsx';

const statuses = [
  { value: 'new', label: 'New' },
  { value: 'active', label: 'Active' },
  { value: 'reopened', label: 'Reopened' },
  { value: 'fixed', label: 'Fixed' },
];
const groups = [
  { value: 'check', label: 'By check' },
  { value: 'asset', label: 'By asset' },
];

const noFilters = {
  q: '',
  severity: '',
  status: '',
  assetId: '',
  scanId: '',
  check: '',
  firstSeenSince: '',
  untested: '',
} as const;

/** What must be fixed: every filter in the URL, evidence beside the list. */
export function DetectionsPage() {
  const [filters, setFilters] = useFilters();
  const { q, severity, status, assetId, scanId, check, firstSeenSince, untested, sort } = filters;
  const group = filters.group === 'check' || filters.group === 'asset' ? filters.group : null;
  const list = useList(
    detection,
    '/detections',
    { q, severity, status, assetId, scanId, check, firstSeenSince, untested, sort },
    { limit: group ? 500 : 100 },
  );
  const search = useCallback((next: string) => setFilters({ q: next }, { replace: true }), [setFilters]);
  const filtered = [q, severity, status, assetId, scanId, check, firstSeenSince, untested].some((value) => value);
  const open = Number(filters.open ?? '');
  const empty = filtered ? (
    <EmptyState
      title="Nothing matches"
      sentence="No detection fits all the filters."
      action={
        <Button variant="default" onClick={() => setFilters(noFilters)}>
          Clear filters
        </Button>
      }
    />
  ) : (
    <EmptyState
      title="No open detections"
      sentence="Run a scan: what its checks find is kept here over time, with evidence, until a later scan proves it fixed."
    />
  );
  return (
    <Page title="Detections" fill about={<ListCount list={list} noun="detection" />}>
      <FilterBar>
        <QueryLine
          label="Search detections"
          placeholder="Name, check, address, CVE"
          value={q ?? ''}
          onChange={search}
        />
        <FilterChips
          label="Severity"
          options={worstFirst.map((value) => ({ value, label: <Severity severity={value} /> }))}
          value={severity ?? ''}
          onChange={(next) => setFilters({ severity: next })}
        />
        <FilterChips
          label="Status"
          options={statuses}
          value={status ?? ''}
          onChange={(next) => setFilters({ status: next })}
        />
        <FilterChips
          label="Group"
          single
          options={groups}
          value={group ?? ''}
          onChange={(next) => setFilters({ group: next })}
        />
        {assetId ? <FixedChip onRemove={() => setFilters({ assetId: '' })}>Asset {assetId}</FixedChip> : null}
        {scanId ? <FixedChip onRemove={() => setFilters({ scanId: '' })}>Scan {scanId}</FixedChip> : null}
        {check ? <FixedChip onRemove={() => setFilters({ check: '' })}>Check {check}</FixedChip> : null}
        {firstSeenSince ? (
          <FixedChip onRemove={() => setFilters({ firstSeenSince: '' })}>
            First seen since {formatExact(Date.parse(firstSeenSince))}
          </FixedChip>
        ) : null}
        {untested ? (
          <FixedChip onRemove={() => setFilters({ untested: '' })}>The last scan could not test it</FixedChip>
        ) : null}
      </FilterBar>
      <Split>
        {group && list.items.length > 0 ? (
          <GroupedDetections list={list} by={group} openKey={open} onOpen={(id) => setFilters({ open: String(id) })} />
        ) : (
          <DataTable
            label="Detections"
            columns={detectionColumns}
            list={list}
            rowKey={(row) => row.id}
            openKey={open}
            onOpen={(row) => setFilters({ open: String(row.id) })}
            sort={sort ?? 'severity'}
            onSort={(next) => setFilters({ sort: next === 'severity' ? '' : next })}
            empty={empty}
          />
        )}
        {open > 0 ? <DetectionPanel key={open} id={open} onClose={() => setFilters({ open: '' })} /> : null}
      </Split>
    </Page>
  );
}
