import { type Schedule, schedule, scheduleRequest, scheduleRun } from '@picket/contracts/api/schedule';
import { Button, Group, Switch } from '@mantine/core';
import { useState } from 'react';
import { z } from 'zod';
import { useSend } from '../../shared/api/use-send.ts';
import { useMay } from '../../shared/api/use-session.ts';
import { Address } from '../../shared/components/address.tsx';
import { ConfirmByName } from '../../shared/components/confirm-by-name.tsx';
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
  const [dialog, setDialog] = useState<'edit' | 'delete' | null>(null);
  const may = useMay();
  const remove = useSend({ schema: z.unknown(), method: 'DELETE', path: `/schedules/${one.id}`, stale });
  return (
    <SidePanel title={one.name} label="Schedule" onClose={onClose}>
      {may.scan ? <Actions schedule={one} onDialog={setDialog} /> : null}
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
      {dialog === 'edit' ? (
        <ScheduleDialog before={one} onClose={() => setDialog(null)} onScheduled={() => setDialog(null)} />
      ) : null}
      {dialog === 'delete' ? (
        <ConfirmByName
          opened
          title="Delete this schedule?"
          consequence="It launches nothing more. The jobs that it launched stay."
          name={one.name}
          verb="Delete schedule"
          busy={remove.isPending}
          error={remove.error}
          onClose={() => setDialog(null)}
          onConfirm={() => remove.mutate(undefined, { onSuccess: onClose })}
        />
      ) : null}
    </SidePanel>
  );
}

function Actions({ schedule: one, onDialog }: { schedule: Schedule; onDialog: (dialog: 'edit' | 'delete') => void }) {
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
        <Button variant="default" onClick={() => onDialog('edit')}>
          Edit
        </Button>
        <Button variant="default" onClick={() => onDialog('delete')}>
          Delete
        </Button>
      </Group>
      {error ? <ErrorState error={error} /> : null}
    </>
  );
}
