import { delivery } from '@picket/contracts/api/notification';
import { Button } from '@mantine/core';
import { z } from 'zod';
import { useList } from '../../shared/api/use-list.ts';
import { useSend } from '../../shared/api/use-send.ts';
import { type Column, DataTable } from '../../shared/components/data-table.tsx';
import { EmptyState } from '../../shared/components/empty-state.tsx';
import { FilterBar, FilterChips } from '../../shared/components/query-line.tsx';
import { Section } from '../../shared/components/page.tsx';
import { Time } from '../../shared/components/time.tsx';
import { useFilters } from '../../shared/components/use-filters.ts';
import { kindWords } from './kind-choice.tsx';

type Delivery = z.output<typeof delivery>;

const states = { waiting: 'waiting', sending: 'on its way', sent: 'delivered', dead: 'given up' } as const;

const columns: readonly Column<Delivery>[] = [
  { key: 'at', title: 'When', width: '96px', wide: true, cell: (one) => <Time at={one.createdAt} /> },
  { key: 'kind', title: 'What', width: 'minmax(110px, 1.4fr)', cell: (one) => kindWords(one.kind) },
  { key: 'to', title: 'To', width: 'minmax(80px, 1fr)', wide: true, cell: (one) => one.to },
  {
    key: 'state',
    title: 'State',
    width: '176px',
    cell: (one) => (
      <>
        {states[one.state]}
        {one.state === 'dead' ? <Retry id={one.id} /> : null}
      </>
    ),
  },
  { key: 'attempts', title: 'Attempts', width: '76px', right: true, wide: true, cell: (one) => one.attempts },
  {
    key: 'error',
    title: 'Last error',
    width: 'minmax(120px, 1.6fr)',
    wide: true,
    cell: (one) => <span title={one.lastError ?? undefined}>{one.lastError ?? ''}</span>,
  },
];

function Retry({ id }: { id: number }) {
  const send = useSend({
    schema: z.unknown(),
    method: 'POST',
    path: `/deliveries/${id}/retry`,
    stale: ['/deliveries', '/webhooks'],
  });
  return (
    <Button variant="default" size="compact-sm" loading={send.isPending} onClick={() => send.mutate()}>
      Send again
    </Button>
  );
}

/** For Managers: how it went. */
export function DeliveriesSection() {
  const [filters, setFilters] = useFilters();
  const list = useList(delivery, '/deliveries', { state: filters.state }, { refetchMs: 15_000 });
  return (
    <Section title="Deliveries" flush>
      <FilterBar>
        <FilterChips
          label="State"
          single
          options={Object.entries(states).map(([value, label]) => ({ value, label }))}
          value={filters.state ?? ''}
          onChange={(state) => setFilters({ state })}
        />
      </FilterBar>
      <DataTable
        label="Deliveries"
        columns={columns}
        list={list}
        rowKey={(one) => one.id}
        maxHeight={320}
        empty={
          <EmptyState
            title="No delivery"
            sentence="What is sent to people and programs is listed here, with what came of it."
          />
        }
      />
    </Section>
  );
}
