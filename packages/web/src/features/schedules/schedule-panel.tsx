import { type Schedule, schedule, scheduleRequest, scheduleRun } from '@picket/contracts/api/schedule';
import { Button, Group, Switch } from '@mantine/core';
import { useSend } from '../../shared/api/use-send.ts';
import { useMay } from '../../shared/api/use-session.ts';
import { Address } from '../../shared/components/address.tsx';
import { ConfirmDelete } from '../../shared/components/confirm-delete.tsx';
import { DialogButton } from '../../shared/components/dialog-button.tsx';
import { ErrorState } from '../../shared/components/error-state.tsx';
import { Fact, Facts } from '../../shared/components/facts.tsx';
import { SidePanel } from '../../shared/components/side-panel.tsx';
import { plural } from '../../shared/format/number.ts';
import { foundTargetsText } from '../../shared/launch/found-targets-text.ts';
import { NextRun } from './next-run.tsx';
import { ScheduleDialog } from './schedule-dialog.tsx';
import { ScheduleRuns } from './schedule-runs.tsx';

const stale = ['/schedules', '/overview', '/scans'];

/** One schedule: when and what it runs, what became of its runs. */
export function SchedulePanel({ schedule: one, onClose }: { schedule: Schedule; onClose: () => void }) {
  const may = useMay();
  return (
    <SidePanel title={one.name} label="Schedule" onClose={onClose}>
      {may.scan ? <Actions schedule={one} onDeleted={onClose} /> : null}
      <Facts>
        <Fact name="When">{one.description}</Fact>
        <Fact name="Next run">
          <NextRun schedule={one} />
        </Fact>
        <Fact name={one.scan.kind === 'map' ? 'Maps' : 'Scans'}>
          <Address>{one.scan.targets}</Address>
          <div>{foundTargetsText(one.scan)}</div>
        </Fact>
        <Fact name="Owner">{one.owner}</Fact>
        <Fact name="Runs">{plural(one.runs, 'run')}</Fact>
        {one.missed > 0 ? (
          <Fact name="Missed">
            <span style={{ color: 'var(--pk-bad)' }}>{plural(one.missed, 'run')} since the last that was launched</span>
          </Fact>
        ) : null}
      </Facts>
      <ScheduleRuns schedule={one} />
    </SidePanel>
  );
}

function Actions({ schedule: one, onDeleted }: { schedule: Schedule; onDeleted: () => void }) {
  const run = useSend({ schema: scheduleRun, method: 'POST', path: `/schedules/${one.id}/run`, stale });
  const change = useSend({
    schema: schedule,
    method: 'PUT',
    path: `/schedules/${one.id}`,
    body: (enabled: boolean) => ({ ...scheduleRequest.parse(one), enabled }),
    stale,
  });
  const error = run.error ?? change.error;
  return (
    <>
      <Group gap="sm" mb="md">
        <Switch
          label="On"
          aria-label={`${one.name} is on`}
          checked={one.enabled}
          disabled={change.isPending}
          onChange={(event) => change.mutate(event.currentTarget.checked)}
        />
        <Button variant="default" loading={run.isPending} onClick={() => run.mutate()}>
          Run now
        </Button>
        <DialogButton label="Edit">
          {(close) => <ScheduleDialog before={one} onClose={close} onScheduled={close} />}
        </DialogButton>
        <DialogButton label="Delete">
          {(close) => (
            <ConfirmDelete
              what="schedule"
              consequence="It launches nothing more. The jobs that it launched stay."
              name={one.name}
              path={`/schedules/${one.id}`}
              stale={stale}
              onClose={close}
              onDeleted={onDeleted}
            />
          )}
        </DialogButton>
      </Group>
      {error ? <ErrorState error={error} /> : null}
    </>
  );
}
