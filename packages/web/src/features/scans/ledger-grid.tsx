import { ledgerRow, type ScanDetail } from '@picket/contracts/api/scan';
import { useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useList } from '../../shared/api/use-list.ts';
import { type Column, DataTable, ListCount } from '../../shared/components/data-table.tsx';
import { EmptyState } from '../../shared/components/empty-state.tsx';
import { FilterBar, FilterChips } from '../../shared/components/query-line.tsx';
import { SeverityCounts } from '../../shared/components/severity.tsx';
import { useFilters } from '../../shared/components/use-filters.ts';
import { phaseWords } from '../../shared/format/words.ts';
import { paths } from '../../shared/paths.ts';
import { noRowWords } from './empty-words.ts';
import type { LedgerRow } from './live-patch.ts';
import { UnitCell } from './unit-cell.tsx';

/** Hosts × phases, or blocks with their discovery, straight from the ledger. */
export function LedgerGrid({ scan }: { scan: ScanDetail }) {
  const [filters, setFilters] = useFilters();
  const kind = filters.rows === 'block' || (scan.kind === 'map' && filters.rows !== 'host') ? 'block' : 'host';
  const list = useList(ledgerRow, `/scans/${scan.id}/ledger`, { kind, state: filters.state });
  const columns = useMemo(() => ledgerColumns(scan.plan.phases, kind), [scan.plan.phases, kind]);
  const navigate = useNavigate();
  return (
    <>
      <FilterBar>
        <FilterChips
          label="Rows"
          single
          options={[
            { value: 'host', label: 'Hosts' },
            { value: 'block', label: 'Address blocks' },
          ]}
          value={kind}
          onChange={(rows) => setFilters({ rows: rows || (kind === 'host' ? 'block' : 'host') })}
        />
        <FilterChips
          label="Unit state"
          single
          options={[
            { value: 'running', label: 'Running' },
            { value: 'pending', label: 'Waiting' },
            { value: 'done', label: 'Done' },
            { value: 'not-evaluable', label: 'Not evaluable' },
          ]}
          value={filters.state ?? ''}
          onChange={(state) => setFilters({ state })}
        />
        <ListCount list={list} noun={kind === 'host' ? 'host' : 'block'} />
      </FilterBar>
      <DataTable
        label={kind === 'host' ? 'Hosts and phases' : 'Address blocks'}
        columns={columns}
        list={list}
        rowKey={(row) => row.subject}
        onOpen={(row) => {
          if (row.assetId !== null) void navigate({ to: paths.asset(row.assetId) });
        }}
        maxHeight={460}
        empty={<EmptyState {...noRowWords(scan, kind, Boolean(filters.state))} />}
      />
    </>
  );
}

/** No unit of the row can still bring a finding. */
function isOver(row: LedgerRow): boolean {
  return row.units.every((unit) => unit.state !== 'pending' && unit.state !== 'leased' && unit.state !== 'running');
}

function ledgerColumns(phases: ScanDetail['plan']['phases'], kind: 'host' | 'block'): readonly Column<LedgerRow>[] {
  const subject: Column<LedgerRow> = {
    key: 'subject',
    title: kind === 'host' ? 'Host' : 'Block',
    width: 'minmax(130px, 2.4fr)',
    cell: (row) => (
      <>
        <span className="pk-mono" style={{ flex: 'none' }}>
          {row.subject}
        </span>
        <span className="pk-truncate">{row.names[0]}</span>
      </>
    ),
  };
  const own = phases.filter((phase) => (kind === 'host' ? phase !== 'discovery' : phase === 'discovery'));
  const units = own.map(
    (phase): Column<LedgerRow> => ({
      key: phase,
      title: phaseWords[phase],
      width: 'minmax(92px, 1fr)',
      cell: (row) => <UnitCell unit={row.units.find((unit) => unit.phase === phase)} />,
    }),
  );
  if (kind === 'block') return [subject, ...units];
  return [
    subject,
    ...units,
    { key: 'open-ports', title: 'Open ports', width: '84px', right: true, wide: 'first', cell: (row) => row.openPorts },
    {
      key: 'findings',
      title: 'Findings',
      width: 'minmax(180px, 1.5fr)',
      wide: true,
      cell: (row) => <SeverityCounts counts={row.findings} none={isOver(row) ? 'none' : 'none so far'} />,
    },
  ];
}
