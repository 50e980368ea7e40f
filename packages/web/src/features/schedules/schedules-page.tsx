import { type Schedule, schedule } from '@picket/contracts/api/schedule';
import { lazy } from 'react';
import { useList } from '../../shared/api/use-list.ts';
import { useMay } from '../../shared/api/use-session.ts';
import { Address } from '../../shared/components/address.tsx';
import { AppLink } from '../../shared/components/app-link.tsx';
import type { Column } from '../../shared/components/data-table.tsx';
import { ListPage } from '../../shared/components/list-page.tsx';
import { NewButton, NewDialog } from '../../shared/components/new-dialog.tsx';
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
  const list = useList(schedule, '/schedules', {}, { refetchMs: 15_000 });
  const may = useMay();
  return (
    <ListPage
      title="Schedules"
      noun="schedule"
      about={<AppLink to={paths.scans}>Scans</AppLink>}
      list={list}
      columns={columns}
      add={may.scan ? <NewButton name="schedule">New schedule</NewButton> : null}
      empty={{
        title: 'No schedule yet',
        sentence: 'A schedule launches a map or a scan by itself, with the rights of who made it.',
        example: 'each Monday at 22:30, Europe/Berlin',
      }}
      renderPanel={(one, onClose) => <SchedulePanel schedule={one} onClose={onClose} />}
    >
      <NewDialog name="schedule">
        {(onClose, onMade) => <ScheduleDialog onClose={onClose} onScheduled={onMade} />}
      </NewDialog>
    </ListPage>
  );
}
