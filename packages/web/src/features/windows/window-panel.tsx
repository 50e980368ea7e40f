import type { TimeWindowItem } from '@picket/contracts/api/time-window';
import { Button } from '@mantine/core';
import { useMay } from '../../shared/api/use-session.ts';
import { ConfirmDelete } from '../../shared/components/confirm-delete.tsx';
import { DialogButton } from '../../shared/components/dialog-button.tsx';
import { Fact, Facts } from '../../shared/components/facts.tsx';
import { SidePanel } from '../../shared/components/side-panel.tsx';
import { Time } from '../../shared/components/time.tsx';
import { plural } from '../../shared/format/number.ts';
import { formatMinute } from '../../shared/schedule/zones.ts';
import { WeekGrid } from './week-grid.tsx';
import { WindowDialog } from './window-dialog.tsx';
import { WindowNow } from './window-now.tsx';

/** One window: its week, its dates, what it does now. */
export function WindowPanel({ window: one, onClose }: { window: TimeWindowItem; onClose: () => void }) {
  const may = useMay();
  return (
    <SidePanel title={one.name} label="Window" onClose={onClose}>
      {may.manage ? (
        <Button.Group mb="md">
          <DialogButton label="Edit">{(close) => <WindowDialog before={one} onClose={close} />}</DialogButton>
          <DialogButton label="Delete">
            {(close) => (
              <ConfirmDelete
                what="window"
                consequence="Its hours no longer count. A schedule that names it is refused from then on, until the window is taken out of it."
                name={one.name}
                path={`/windows/${one.id}`}
                stale={['/windows', '/scans']}
                onClose={close}
                onDeleted={onClose}
              />
            )}
          </DialogButton>
        </Button.Group>
      ) : null}
      <Facts>
        <Fact name="Now">
          <WindowNow window={one} />
        </Fact>
        {one.changesAt === null ? null : <Fact name="Until">{formatMinute(Date.parse(one.changesAt), one.zone)}</Fact>}
        <Fact name="Kind">
          {one.kind === 'allow' ? 'Allow: jobs that name it scan only then' : 'Blackout: nothing scans then'}
        </Fact>
        <Fact name="Holds">{one.everywhere ? 'everywhere: for every job' : 'for the jobs that name it'}</Fact>
        <Fact name="Time zone">{one.zone}</Fact>
        <Fact name="Open jobs">{plural(one.openJobs, 'job')}</Fact>
        <Fact name="Changed">
          <Time at={one.updatedAt} /> by {one.updatedBy}
        </Fact>
        {one.dates.map(({ from, to }) => (
          <Fact key={`${from} ${to}`} name="Once">
            {from.replace('T', ' ')} to {to.replace('T', ' ')}
          </Fact>
        ))}
      </Facts>
      {one.weekly.length > 0 ? <WeekGrid weekly={one.weekly} kind={one.kind} /> : null}
    </SidePanel>
  );
}
