import { type Schedule, schedule } from '@picket/contracts/api/schedule';
import { Button } from '@mantine/core';
import { lazy, Suspense } from 'react';
import { useList } from '../../shared/api/use-list.ts';
import { useMay } from '../../shared/api/use-session.ts';
import { Address } from '../../shared/components/address.tsx';
import { AppLink } from '../../shared/components/app-link.tsx';
import { type Column, DataTable, ListCount } from '../../shared/components/data-table.tsx';
import { EmptyState } from '../../shared/components/empty-state.tsx';
import { Page, Split } from '../../shared/components/page.tsx';
import { useFilters } from '../../shared/components/use-filters.ts';
import { foundTargetsText } from '../../shared/launch/found-targets-text.ts';
import { paths } from '../../shared/paths.ts';
import { NextRun } from './next-run.tsx';
import { outcomeText } from './run-words.ts';

const ScheduleDialog = lazy(() =>
  import('./schedule-dialog.tsx').then((module) => ({ default: module.ScheduleDialog })),
);
const SchedulePanel = lazy(() => import('./schedule-panel.tsx').then((module) => ({ default: module.SchedulePanel })));

const columns: readonly Column<Schedule>[] = [
  {
    key: 'name',
    title: 'Title',
    width: 'minmax(110px, 2fr)',
    cell: (one) => <span className="pk-truncate">{one.name}</span>,
  },
  {
    key: 'what',
    title: 'What',
    width: 'minmax(120px, 2fr)',
    wide: true,
    cell: (one) => (
      <span className="pk-truncate">
        {one.scan.kind === 'map' ? 'Map ' : 'Scan '}
        {one.scan.targets === '' ? (
          foundTargetsText(one.scan)
        ) : (
          <Address title={one.scan.targets}>{one.scan.targets}</Address>
        )}
      </span>
    ),
  },
  {
    key: 'next',
    title: 'Next run',
    width: 'minmax(120px, 3fr)',
    cell: (one) => (
      <span className="pk-truncate">
        <NextRun schedule={one} />
      </span>
    ),
  },
  {
    key: 'last',
    title: 'Last outcome',
    width: 'minmax(120px, 2fr)',
    wide: true,
    cell: (one) => <LastOutcome schedule={one} />,
  },
  {
    key: 'missed',
    title: 'Missed',
    width: '64px',
    right: true,
    cell: (one) =>
      one.missed === 0 ? null : (
        <AppLink to={paths.schedules} filters={{ open: String(one.id) }} label={`${one.missed} missed, to the runs`}>
          {one.missed}
        </AppLink>
      ),
  },
];

function LastOutcome({ schedule: { lastRun } }: { schedule: Schedule }) {
  if (lastRun === null) return 'no run yet';
  const text = outcomeText(lastRun);
  if (lastRun.scanId !== null) return <AppLink to={paths.scan(lastRun.scanId)}>{text}</AppLink>;
  return (
    <span className="pk-truncate" title={text} style={lastRun.outcome === 'missed' ? { color: 'var(--pk-bad)' } : {}}>
      {text}
    </span>
  );
}

/** What runs by itself: when next, and what became of the last run. */
export function SchedulesPage() {
  const [filters, setFilters] = useFilters();
  const list = useList(schedule, '/schedules', {}, { refetchMs: 15_000 });
  const may = useMay();
  const open = list.items.find((one) => String(one.id) === filters.open);
  const add = may.scan ? <Button onClick={() => setFilters({ new: 'schedule' })}>New schedule</Button> : null;
  return (
    <Page
      title="Schedules"
      fill
      about={
        <>
          <ListCount list={list} noun="schedule" /> <AppLink to={paths.scans}>Scans</AppLink>
        </>
      }
      actions={add}
    >
      <Split>
        <DataTable
          label="Schedules"
          columns={columns}
          list={list}
          rowKey={(one) => one.id}
          openKey={open?.id ?? null}
          onOpen={(one) => setFilters({ open: String(one.id) })}
          empty={
            <EmptyState
              title="No schedule yet"
              sentence="A schedule launches a map or a scan by itself, with the rights of who made it."
              action={add}
              example="each Monday at 22:30, Europe/Berlin"
            />
          }
        />
        <Suspense fallback={null}>
          {open ? <SchedulePanel key={open.id} schedule={open} onClose={() => setFilters({ open: '' })} /> : null}
        </Suspense>
      </Split>
      <Suspense fallback={null}>
        {filters.new === 'schedule' ? (
          <ScheduleDialog
            onClose={() => setFilters({ new: '' })}
            onScheduled={(id) => setFilters({ new: '', open: String(id) })}
          />
        ) : null}
      </Suspense>
    </Page>
  );
}
