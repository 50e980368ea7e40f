import { Group, NativeSelect, NumberInput, Stack, TextInput } from '@mantine/core';
import { fieldError } from '../api/api-error.ts';
import type { ScheduleTerms } from './schedule-terms.ts';

/** Name of a schedule, and what becomes of a run that can't begin when it is due. */
export function ScheduleTermsFields(props: {
  value: ScheduleTerms;
  onChange: (change: Partial<ScheduleTerms>) => void;
  error: unknown;
}) {
  const { value, onChange } = props;
  return (
    <Stack gap="sm">
      <TextInput
        label="Name of the schedule"
        placeholder="Head office, weekly"
        value={value.name}
        onChange={(event) => onChange({ name: event.currentTarget.value })}
        error={fieldError(props.error, 'name')}
      />
      <Group gap="xs" align="flex-end">
        <NativeSelect
          label="When the run before has not ended"
          value={value.overlap}
          onChange={(event) => onChange({ overlap: event.currentTarget.value === 'queue' ? 'queue' : 'skip' })}
          data={[
            { value: 'skip', label: 'Leave this one out' },
            { value: 'queue', label: 'Begin it afterwards' },
          ]}
        />
        <NumberInput
          label="Made up when late by less than, hours"
          min={0}
          max={168}
          decimalScale={2}
          value={value.catchUpMinutes / 60}
          onChange={(hours) => onChange({ catchUpMinutes: Math.round(Number(hours) * 60) })}
        />
      </Group>
    </Stack>
  );
}
