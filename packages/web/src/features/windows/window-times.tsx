import type { ScheduleFault } from '@picket/plan/schedule/recurrence';
import type { DateTimes, WeeklyTimes } from '@picket/plan/schedule/time-window';
import { Button, CloseButton, Stack, TextInput, Title } from '@mantine/core';
import { DayToggles } from '../../shared/schedule/day-toggles.tsx';
import classes from './windows.module.css';

interface Props<T> {
  readonly value: readonly T[];
  readonly onChange: (value: T[]) => void;
  readonly faults: readonly ScheduleFault[];
}

const messageAt = (faults: readonly ScheduleFault[], field: string) =>
  faults.find((fault) => fault.field === field)?.message ?? null;

/** The hours that come each week, one row each. */
export function WeeklyRows({ value, onChange, faults }: Props<WeeklyTimes>) {
  const change = (at: number, part: Partial<WeeklyTimes>) =>
    onChange(value.map((row, index) => (index === at ? { ...row, ...part } : row)));
  return (
    <Stack gap={4}>
      <Title order={3} size="h5">
        Each week
      </Title>
      {value.map((row, at) => (
        // oxlint-disable-next-line react/no-array-index-key -- rows have no other name, and hold no state of their own
        <div key={at} className={classes.times} role="group" aria-label={`Weekly time ${at + 1}`}>
          <DayToggles label="Begins on" value={row.days} onChange={(days) => change(at, { days })} />
          <TextInput
            label="From"
            w={66}
            placeholder="22:00"
            value={row.from}
            onChange={(event) => change(at, { from: event.currentTarget.value })}
            error={messageAt(faults, `weekly.${at}.from`) !== null}
          />
          <TextInput
            label="To"
            w={66}
            placeholder="06:00"
            value={row.to}
            onChange={(event) => change(at, { to: event.currentTarget.value })}
            error={messageAt(faults, `weekly.${at}.to`) !== null}
          />
          <CloseButton
            aria-label={`Remove weekly time ${at + 1}`}
            onClick={() => onChange(value.filter((_, index) => index !== at))}
          />
        </div>
      ))}
      <Button
        variant="default"
        style={{ alignSelf: 'start' }}
        onClick={() => onChange([...value, { days: [1, 2, 3, 4, 5], from: '22:00', to: '06:00' }])}
      >
        Add weekly hours
      </Button>
    </Stack>
  );
}

/** Stretches from one date to another, one row each. */
export function DateRows({ value, onChange, faults }: Props<DateTimes>) {
  const change = (at: number, part: Partial<DateTimes>) =>
    onChange(value.map((row, index) => (index === at ? { ...row, ...part } : row)));
  return (
    <Stack gap={4}>
      <Title order={3} size="h5">
        Once
      </Title>
      {value.map((row, at) => (
        // oxlint-disable-next-line react/no-array-index-key -- rows have no other name, and hold no state of their own
        <div key={at} className={classes.times} role="group" aria-label={`Dates ${at + 1}`}>
          <TextInput
            type="datetime-local"
            label="From"
            value={row.from}
            onChange={(event) => change(at, { from: event.currentTarget.value })}
          />
          <TextInput
            type="datetime-local"
            label="To"
            value={row.to}
            onChange={(event) => change(at, { to: event.currentTarget.value })}
            error={row.from !== '' && row.to !== '' ? messageAt(faults, `dates.${at}.to`) : null}
          />
          <CloseButton
            aria-label={`Remove dates ${at + 1}`}
            onClick={() => onChange(value.filter((_, index) => index !== at))}
          />
        </div>
      ))}
      <Button
        variant="default"
        style={{ alignSelf: 'start' }}
        onClick={() => onChange([...value, { from: '', to: '' }])}
      >
        Add dates
      </Button>
    </Stack>
  );
}
