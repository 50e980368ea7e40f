import { timeWindow, type TimeWindowItem } from '@picket/contracts/api/time-window';
import type { TimeWindow } from '@picket/plan/schedule/time-window';
import { windowFaults } from '@picket/plan/schedule/window-faults';
import { Button, Checkbox, Group, SegmentedControl, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { fieldError } from '../../shared/api/api-error.ts';
import { useSend } from '../../shared/api/use-send.ts';
import { ErrorState } from '../../shared/components/error-state.tsx';
import { ZonePicker } from '../../shared/schedule/zone-picker.tsx';
import { viewerZone } from '../../shared/schedule/zones.ts';
import { WeekGrid } from './week-grid.tsx';
import { DateRows, WeeklyRows } from './window-times.tsx';
import classes from './windows.module.css';

type Values = TimeWindow & { readonly name: string; readonly everywhere: boolean };

function valuesOf(before: TimeWindowItem | undefined): Values {
  if (!before)
    return {
      name: '',
      kind: 'allow',
      zone: viewerZone(),
      weekly: [{ days: [1, 2, 3, 4, 5], from: '22:00', to: '06:00' }],
      dates: [],
      everywhere: false,
    };
  const { name, kind, zone, weekly, dates, everywhere } = before;
  return { name, kind, zone, weekly, dates, everywhere };
}

/** Makes or changes a window: rows to type in, beside the week as it becomes. */
export function WindowForm({ before, onDone }: { before?: TimeWindowItem; onDone: () => void }) {
  const [values, setValues] = useState(() => valuesOf(before));
  const set = (change: Partial<Values>) => setValues((old) => ({ ...old, ...change }));
  const faults = windowFaults(values);
  const send = useSend({
    schema: timeWindow,
    method: before ? 'PUT' : 'POST',
    path: before ? `/windows/${before.id}` : '/windows',
    body: () => ({ ...values, everywhere: values.kind === 'blackout' && values.everywhere }),
    stale: ['/windows', '/scans'],
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (faults.length === 0) send.mutate(undefined, { onSuccess: onDone });
      }}
    >
      <div className={classes.columns}>
        <Stack gap="sm">
          <TextInput
            label="Name"
            placeholder="Nights of the week"
            value={values.name}
            onChange={(event) => set({ name: event.currentTarget.value })}
            error={fieldError(send.error, 'name')}
            data-autofocus
          />
          <SegmentedControl
            aria-label="Kind of window"
            size="xs"
            value={values.kind}
            onChange={(kind) => set({ kind: kind === 'blackout' ? 'blackout' : 'allow' })}
            data={[
              { value: 'allow', label: 'Allow: only then' },
              { value: 'blackout', label: 'Blackout: never then' },
            ]}
          />
          {values.kind === 'blackout' ? (
            <Checkbox
              label="Holds everywhere: for every job, whatever the job says"
              checked={values.everywhere}
              onChange={(event) => set({ everywhere: event.currentTarget.checked })}
            />
          ) : null}
          <ZonePicker value={values.zone} onChange={(zone) => set({ zone })} error={fieldError(send.error, 'zone')} />
          <WeeklyRows value={values.weekly} onChange={(weekly) => set({ weekly })} faults={faults} />
          <DateRows value={values.dates} onChange={(dates) => set({ dates })} faults={faults} />
        </Stack>
        <Stack gap="xs">
          <Text size="sm">
            {values.kind === 'allow'
              ? 'Scans run in the hours that are filled.'
              : 'Nothing scans in the hours that are hatched.'}{' '}
            A time at or before its begin is on the next day.
          </Text>
          <WeekGrid weekly={values.weekly} kind={values.kind} />
          <Text size="xs" c="dimmed">
            {values.zone}
          </Text>
        </Stack>
      </div>
      <Stack gap="xs" mt="sm">
        <Text size="sm" c="var(--pk-warn)" aria-live="polite">
          {faults[0]?.message ?? ''}
        </Text>
        {send.error ? <ErrorState error={send.error} /> : null}
        <Group justify="flex-end">
          <Button type="submit" disabled={faults.length > 0 || values.name.trim() === ''} loading={send.isPending}>
            {before ? 'Save window' : 'Make window'}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
