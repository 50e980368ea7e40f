import { describeSchedule } from '@picket/plan/schedule/describe-schedule';
import { Group, NativeSelect, NumberInput, Radio, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { RepeatFields } from './repeat-fields.tsx';
import type { When } from './when.ts';
import { ZonePicker } from './zone-picker.tsx';

interface Props {
  readonly when: When;
  readonly onChange: (change: Partial<When>) => void;
  /** A job can run now; a schedule can't. */
  readonly withNow: boolean;
}

const modes = [
  { value: 'now', label: 'Now' },
  { value: 'once', label: 'Once' },
  { value: 'repeats', label: 'Repeats' },
  { value: 'after-finish', label: 'Again when the last one has ended' },
  { value: 'rrule', label: 'By RRULE text' },
  { value: 'kept', label: 'As it is' },
] as const;

/** When a job runs: now, once, again and again, or by the text of a calendar. */
export function WhenFields({ when, onChange, withNow }: Props) {
  const offered = modes.filter(({ value }) => (value === 'now' ? withNow : value !== 'kept' || when.kept !== null));
  return (
    <Stack gap="sm">
      <Radio.Group
        label="When"
        value={when.mode}
        onChange={(value) => {
          const mode = modes.find((one) => one.value === value)?.value;
          if (mode) onChange({ mode });
        }}
      >
        <Group gap="8px 16px" mt={4}>
          {offered.map(({ value, label }) => (
            <Radio key={value} value={value} label={label} />
          ))}
        </Group>
      </Radio.Group>
      {when.mode === 'now' ? null : <Times when={when} onChange={onChange} />}
    </Stack>
  );
}

function Times({ when, onChange }: Omit<Props, 'withNow'>) {
  if (when.mode === 'kept') {
    return <Text size="sm">{when.kept ? describeSchedule({ zone: when.zone, recurrence: when.kept }) : null}</Text>;
  }
  return (
    <>
      {when.mode === 'rrule' ? (
        <Textarea
          label="RRULE"
          description="RFC 5545, alone or with DTSTART; without it the start below counts"
          placeholder="RRULE:FREQ=MONTHLY;BYDAY=1SA;BYHOUR=1;BYMINUTE=0"
          autosize
          minRows={2}
          value={when.rrule}
          onChange={(event) => onChange({ rrule: event.currentTarget.value })}
          classNames={{ input: 'pk-mono' }}
        />
      ) : null}
      <TextInput
        type="datetime-local"
        label={when.mode === 'once' ? 'At' : 'First run'}
        value={when.start}
        onChange={(event) => onChange({ start: event.currentTarget.value })}
      />
      <ZonePicker value={when.zone} onChange={(zone) => onChange({ zone })} />
      {when.mode === 'repeats' ? <RepeatFields when={when} onChange={onChange} /> : null}
      {when.mode === 'after-finish' ? (
        <NumberInput
          label="Pause between two runs, minutes"
          min={0}
          max={525_600}
          value={when.delayMinutes}
          onChange={(value) => onChange({ delayMinutes: Number(value) })}
        />
      ) : null}
      {when.mode === 'repeats' || when.mode === 'after-finish' ? <EndFields when={when} onChange={onChange} /> : null}
    </>
  );
}

function EndFields({ when, onChange }: Omit<Props, 'withNow'>) {
  return (
    <Group gap="xs" align="flex-end">
      <NativeSelect
        label="Ends"
        value={when.end}
        onChange={({ currentTarget: { value } }) =>
          onChange({ end: value === 'until' || value === 'count' ? value : 'never' })
        }
        data={[
          { value: 'never', label: 'Never' },
          { value: 'until', label: 'On a day' },
          { value: 'count', label: 'After some runs' },
        ]}
      />
      {when.end === 'until' ? (
        <TextInput
          type="datetime-local"
          label="Last run at the latest"
          value={when.until}
          onChange={(event) => onChange({ until: event.currentTarget.value })}
        />
      ) : null}
      {when.end === 'count' ? (
        <NumberInput
          label="Runs in all"
          w={110}
          min={1}
          max={1000}
          value={when.count}
          onChange={(value) => onChange({ count: Number(value) })}
        />
      ) : null}
    </Group>
  );
}
