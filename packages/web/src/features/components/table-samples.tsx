import { useState } from 'react';
import { Address } from '../../shared/components/address.tsx';
import { type Column, DataTable } from '../../shared/components/data-table.tsx';
import { EmptyState } from '../../shared/components/empty-state.tsx';
import { pickedAfter } from '../../shared/components/picked-after.ts';
import { Section } from '../../shared/components/page.tsx';
import { sampleProblem } from './samples.ts';

interface Row {
  readonly index: number;
}

const rows: readonly Row[] = Array.from({ length: 10_000 }, (_, index) => ({ index }));
const columns: readonly Column<Row>[] = [
  {
    key: 'address',
    title: 'Address',
    width: 'minmax(120px, 1fr)',
    sort: 'address',
    cell: (row) => <Address>{`10.0.${Math.floor(row.index / 250)}.${row.index % 250}`}</Address>,
  },
  { key: 'index', title: 'Number', width: '80px', right: true, cell: (row) => row.index },
];
const still = { error: null, loading: false, hasMore: false, loadMore: () => {}, retry: () => {} };

/** DataTable with many rows, none, an error, and while it waits. */
export function TableSamples() {
  const [picked, setPicked] = useState<ReadonlySet<string | number>>(new Set([2]));
  const table = {
    columns,
    rowKey: (row: Row) => row.index,
    maxHeight: 200,
    empty: <EmptyState title="No rows" sentence="An empty table says why." />,
  };
  return (
    <Section title="DataTable">
      <DataTable
        {...table}
        label="Ten thousand rows"
        list={{ ...still, items: rows, total: rows.length }}
        sort="address"
        onSort={() => {}}
        onOpen={() => {}}
        picked={picked}
        rowName={(row) => `row ${row.index}`}
        onPick={(keys, on) => setPicked(pickedAfter(picked, keys, on))}
      />
      <DataTable {...table} label="No rows" list={{ ...still, items: [], total: 0 }} />
      <DataTable {...table} label="Error" list={{ ...still, items: [], total: null, error: sampleProblem }} />
      <DataTable {...table} label="Waiting" list={{ ...still, items: [], total: null, loading: true }} />
    </Section>
  );
}
