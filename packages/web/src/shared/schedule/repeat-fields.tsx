import { weekdays } from '@picket/plan/schedule/civil';
import { weekdayName } from '@picket/plan/schedule/describe-schedule';
import { Group, NativeSelect, NumberInput } from '@mantine/core';
import { DayToggles } from './day-toggles.tsx';
import type { When } from './when.ts';

interface Props {
  readonly when: When;
  readonly onChange: (change: Partial<When>) => void;
}

const units = ['minutes', 'hours', 'days', 'weeks', 'months', 'years'] as const;
const ordinals = [
  { value: '1', label: 'first' },
  { value: '2', label: 'second' },
  { value: '3', label: 'third' },
  { value: '4', label: 'fourth' },
  { value: '5', label: 'fifth' },
  { value: '-1', label: 'last' },
];
const monthDays = [
  ...Array.from({ length: 31 }, (_, index) => ({ value: String(index + 1), label: `day ${index + 1}` })),
  { value: '-1', label: 'last day' },
];
const ways = [
  { value: 'start', label: 'On the day of the first run' },
  { value: 'month-day', label: 'On a day of the month' },
  { value: 'nth-weekday', label: 'On a weekday of the month' },
] as const;

/** Every so many minutes to years, and on which days of them. */
export function RepeatFields({ when, onChange }: Props) {
  const byMonth = when.unit === 'months' || when.unit === 'years';
  return (
    <>
      <Group gap="xs" align="flex-end">
        <NumberInput
          label="Every"
          w={90}
          min={1}
          max={1000}
          value={when.every}
          onChange={(value) => onChange({ every: Number(value) })}
        />
        <NativeSelect
          aria-label="Unit"
          value={when.unit}
          onChange={({ currentTarget: { value } }) => onChange({ unit: units.find((one) => one === value) ?? 'weeks' })}
          data={units.map((unit) => ({ value: unit, label: when.every === 1 ? unit.slice(0, -1) : unit }))}
        />
        {byMonth ? (
          <NativeSelect
            aria-label="On which day"
            value={when.on}
            onChange={({ currentTarget: { value } }) =>
              onChange({ on: ways.find((one) => one.value === value)?.value ?? 'start' })
            }
            data={[...ways]}
          />
        ) : null}
      </Group>
      {when.unit === 'weeks' ? (
        <DayToggles label="On" value={when.weekdays} onChange={(days) => onChange({ weekdays: days })} />
      ) : null}
      {byMonth && when.on === 'nth-weekday' ? <NthWeekday when={when} onChange={onChange} /> : null}
      {byMonth && when.on === 'month-day' ? <MonthDay when={when} onChange={onChange} /> : null}
    </>
  );
}

function NthWeekday({ when, onChange }: Props) {
  return (
    <Group gap="xs">
      <NativeSelect
        aria-label="Which one of the month"
        value={String(when.nth)}
        onChange={(event) => onChange({ nth: Number(event.currentTarget.value) })}
        data={ordinals}
      />
      <NativeSelect
        aria-label="Weekday"
        value={String(when.nthDay)}
        onChange={({ currentTarget: { value } }) =>
          onChange({ nthDay: weekdays.find((day) => String(day) === value) ?? 1 })
        }
        data={weekdays.map((day) => ({ value: String(day), label: weekdayName(day) }))}
      />
    </Group>
  );
}

function MonthDay({ when, onChange }: Props) {
  return (
    <Group gap="xs">
      <NativeSelect
        aria-label="Day of the month"
        value={String(when.monthDay)}
        onChange={(event) => onChange({ monthDay: Number(event.currentTarget.value) })}
        data={monthDays}
      />
      {when.monthDay > 28 ? (
        <NativeSelect
          aria-label="In a shorter month"
          value={when.shortMonth}
          onChange={({ currentTarget: { value } }) =>
            onChange({ shortMonth: value === 'last-day' ? 'last-day' : 'skip' })
          }
          data={[
            { value: 'skip', label: 'Leave shorter months out' },
            { value: 'last-day', label: 'Take the last day of shorter months' },
          ]}
        />
      ) : null}
    </Group>
  );
}
