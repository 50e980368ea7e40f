import { type Schedule, schedule } from '@picket/contracts/api/schedule';
import { scanSummary } from '@picket/contracts/api/scan';
import type { ScanRequest } from '@picket/contracts/api/scan';
import { Button, Group, Stack } from '@mantine/core';
import { useCallback, useState } from 'react';
import { z } from 'zod';
import { useSend } from '../api/use-send.ts';
import { NextRunsTable } from '../schedule/next-runs-table.tsx';
import { ScheduleTermsFields } from '../schedule/schedule-terms-fields.tsx';
import { newTerms, termsOf } from '../schedule/schedule-terms.ts';
import { useNewWhen } from '../schedule/use-new-when.ts';
import { useFirstRun } from '../schedule/use-first-run.ts';
import { scheduleOf, type When, whenOf } from '../schedule/when.ts';
import { WhenFields } from '../schedule/when-fields.tsx';
import { changedDraft, type Draft, newDraft, requestOf } from './draft.ts';
import classes from './launch.module.css';
import { localFaults } from './local-faults.ts';
import type { ScanPrefill } from './new-scan-context.ts';
import { OptionProfileChoice } from './option-profile-choice.tsx';
import { PlanPanel } from './plan-panel.tsx';
import { ScanFields } from './scan-fields.tsx';
import { usePlanPreview } from './use-plan-preview.ts';

interface Props {
  readonly prefill?: ScanPrefill;
  /** Launched now, or by a schedule; without `onScheduled` only now, without `onLaunched` only by a schedule. */
  readonly onLaunched?: (id: number) => void;
  readonly onScheduled?: (id: number) => void;
  /** The schedule that is changed. */
  readonly before?: Schedule;
}

/** Targets and profile on one side, the plan on the other, one button. Launches only the plan that is shown. */
export function ScanForm({ prefill, onLaunched, onScheduled, before }: Props) {
  const [draft, setDraft] = useState<Draft>(() => (before ? before.scan : newDraft(prefill)));
  const fresh = useNewWhen(onLaunched ? 'now' : 'repeats');
  const [when, setWhen] = useState<When>(() => (before ? whenOf(before) : fresh));
  const [terms, setTerms] = useState(() => (before ? termsOf(before) : newTerms()));
  const change = useCallback((part: Partial<Draft>) => setDraft((old) => changedDraft(old, part)), []);
  const request = requestOf(draft);
  const faults = localFaults(draft);
  const times = scheduleOf(when);
  const now = when.mode === 'now';
  const firstRun = useFirstRun(now || !times.ok ? null : times.value);
  const preview = usePlanPreview(faults.length === 0 ? request : null, firstRun);
  const launch = useSend({
    schema: z.object({ id: scanSummary.shape.id }),
    method: 'POST',
    path: '/scans',
    body: (values: ScanRequest) => values,
    stale: ['/scans', '/overview'],
  });
  const save = useSend({
    schema: schedule,
    method: before ? 'PUT' : 'POST',
    path: before ? `/schedules/${before.id}` : '/schedules',
    body: (scan: ScanRequest) => ({ ...terms, ...(times.ok ? times.value : {}), scan }),
    stale: ['/schedules', '/overview'],
  });
  const error = launch.error ?? save.error ?? preview.error;
  const ready = preview.current && (now || (times.ok && terms.name.trim() !== ''));
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (!request || !ready) return;
        if (now) launch.mutate(request, { onSuccess: (scan) => onLaunched?.(scan.id) });
        else save.mutate(request, { onSuccess: (saved) => onScheduled?.(saved.id) });
      }}
    >
      <div className={classes.columns}>
        <Stack gap="md">
          <OptionProfileChoice draft={draft} onDraft={setDraft} error={error} />
          <ScanFields draft={draft} onChange={change} faults={faults} error={error} />
          {onScheduled ? (
            <WhenFields
              when={when}
              onChange={(part) => setWhen((old) => ({ ...old, ...part }))}
              withNow={onLaunched !== undefined}
            />
          ) : null}
          {now ? null : (
            <ScheduleTermsFields
              value={terms}
              onChange={(part) => setTerms((old) => ({ ...old, ...part }))}
              error={save.error}
            />
          )}
        </Stack>
        <Stack gap="md">
          <PlanPanel draft={draft} plan={preview.plan} error={error} asking={preview.asking} />
          {now ? null : <NextRunsTable when={when} />}
        </Stack>
      </div>
      <Group justify="flex-end" mt="md">
        <Button type="submit" size="sm" disabled={!ready} loading={launch.isPending || save.isPending}>
          {now ? (draft.kind === 'map' ? 'Launch map' : 'Launch scan') : 'Save schedule'}
        </Button>
      </Group>
    </form>
  );
}
