import { timeWindow, type TimeWindowItem } from '@picket/contracts/api/time-window';
import { Button } from '@mantine/core';
import { lazy, Suspense } from 'react';
import { useList } from '../../shared/api/use-list.ts';
import { useMay } from '../../shared/api/use-session.ts';
import { type Column, DataTable, ListCount } from '../../shared/components/data-table.tsx';
import { EmptyState } from '../../shared/components/empty-state.tsx';
import { Page, Split } from '../../shared/components/page.tsx';
import { useFilters } from '../../shared/components/use-filters.ts';
import { WindowNow } from './window-now.tsx';

const WindowDialog = lazy(() => import('./window-dialog.tsx').then((module) => ({ default: module.WindowDialog })));
const WindowPanel = lazy(() => import('./window-panel.tsx').then((module) => ({ default: module.WindowPanel })));

const columns: readonly Column<TimeWindowItem>[] = [
  {
    key: 'name',
    title: 'Name',
    width: 'minmax(110px, 2fr)',
    cell: (one) => <span className="pk-truncate">{one.name}</span>,
  },
  {
    key: 'kind',
    title: 'Kind',
    width: '84px',
    cell: (one) => (one.kind === 'allow' ? 'Allow' : 'Blackout'),
  },
  {
    key: 'everywhere',
    title: 'Holds',
    width: '130px',
    wide: true,
    cell: (one) => (one.everywhere ? 'everywhere' : 'where named'),
  },
  {
    key: 'zone',
    title: 'Time zone',
    width: 'minmax(120px, 1fr)',
    wide: true,
    cell: (one) => <span className="pk-truncate">{one.zone}</span>,
  },
  {
    key: 'now',
    title: 'Now',
    width: 'minmax(120px, 2fr)',
    cell: (one) => (
      <span className="pk-truncate">
        <WindowNow window={one} />
      </span>
    ),
  },
];

/** Settings: when scans may run, and when nothing scans. */
export function WindowsPage() {
  const [filters, setFilters] = useFilters();
  const list = useList(timeWindow, '/windows', {}, { refetchMs: 60_000 });
  const may = useMay();
  const open = list.items.find((one) => String(one.id) === filters.open);
  const add = may.manage ? <Button onClick={() => setFilters({ new: 'window' })}>New window</Button> : null;
  return (
    <Page title="Windows" fill about={<ListCount list={list} noun="window" />} actions={add}>
      <Split>
        <DataTable
          label="Windows"
          columns={columns}
          list={list}
          rowKey={(one) => one.id}
          openKey={open?.id ?? null}
          onOpen={(one) => setFilters({ open: String(one.id) })}
          empty={
            <EmptyState
              title="No window yet"
              sentence="A window names the hours in which scans may run, or in which nothing scans."
              action={add}
              example="Mon to Fri, 22:00 to 06:00, Europe/Berlin"
            />
          }
        />
        <Suspense fallback={null}>
          {open ? <WindowPanel key={open.id} window={open} onClose={() => setFilters({ open: '' })} /> : null}
        </Suspense>
      </Split>
      <Suspense fallback={null}>
        {filters.new === 'window' ? <WindowDialog onClose={() => setFilters({ new: '' })} /> : null}
      </Suspense>
    </Page>
  );
}
