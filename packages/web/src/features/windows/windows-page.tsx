import { timeWindow, type TimeWindowItem } from '@picket/contracts/api/time-window';
import { lazy } from 'react';
import { useList } from '../../shared/api/use-list.ts';
import { useMay } from '../../shared/api/use-session.ts';
import type { Column } from '../../shared/components/data-table.tsx';
import { ListPage } from '../../shared/components/list-page.tsx';
import { NewButton, NewDialog } from '../../shared/components/new-dialog.tsx';
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
  const list = useList(timeWindow, '/windows', {}, { refetchMs: 60_000 });
  const may = useMay();
  return (
    <ListPage
      title="Windows"
      noun="window"
      list={list}
      columns={columns}
      add={may.manage ? <NewButton name="window">New window</NewButton> : null}
      empty={{
        title: 'No window yet',
        sentence: 'A window names the hours in which scans may run, or in which nothing scans.',
        example: 'Mon to Fri, 22:00 to 06:00, Europe/Berlin',
      }}
      renderPanel={(one, onClose) => <WindowPanel window={one} onClose={onClose} />}
    >
      <NewDialog name="window">{(onClose) => <WindowDialog onClose={onClose} />}</NewDialog>
    </ListPage>
  );
}
