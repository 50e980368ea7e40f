import type { ScanRequest } from '@picket/contracts/api/scan';
import { timeWindow } from '@picket/contracts/api/time-window';
import { Checkbox, Group, NativeSelect, NumberInput, Stack } from '@mantine/core';
import { fieldError } from '../api/api-error.ts';
import { useList } from '../api/use-list.ts';

type Limits = Pick<ScanRequest, 'windowIds' | 'runLimit'>;

/** The windows that a job keeps to, and how long it may run at a stretch. */
export function RunLimits(props: { value: Limits; onChange: (change: Limits) => void; error: unknown }) {
  const { windowIds = [], runLimit } = props.value;
  return (
    <Stack gap="sm">
      <WindowChoice
        value={windowIds}
        onChange={(ids) => props.onChange({ windowIds: ids })}
        error={fieldError(props.error, 'windowIds')}
      />
      <Group gap="xs" align="flex-end">
        <NativeSelect
          label="When it takes long"
          value={runLimit?.action ?? ''}
          onChange={({ currentTarget: { value } }) =>
            props.onChange({
              runLimit:
                value === 'pause' || value === 'cancel' ? { hours: runLimit?.hours ?? 8, action: value } : undefined,
            })
          }
          data={[
            { value: '', label: 'Let it run' },
            { value: 'pause', label: 'Pause it' },
            { value: 'cancel', label: 'Cancel it' },
          ]}
        />
        {runLimit ? (
          <NumberInput
            label="After hours"
            w={110}
            min={1}
            max={720}
            value={runLimit.hours}
            onChange={(value) => props.onChange({ runLimit: { ...runLimit, hours: Number(value) } })}
          />
        ) : null}
      </Group>
    </Stack>
  );
}

function WindowChoice(props: { value: readonly number[]; onChange: (ids: number[]) => void; error: string | null }) {
  const list = useList(timeWindow, '/windows', {}, { limit: 500 });
  const choices = list.items.filter((one) => !one.everywhere);
  if (choices.length === 0) return null;
  return (
    <Checkbox.Group
      label="Windows"
      description="Outside of these hours it waits and goes on later; blackouts that hold everywhere count always"
      value={props.value.map(String)}
      onChange={(next) => props.onChange(next.map(Number))}
      error={props.error}
    >
      <Stack gap={6} mt={4}>
        {choices.map((one) => (
          <Checkbox
            key={one.id}
            value={String(one.id)}
            label={`${one.name} (${one.kind === 'allow' ? 'only then' : 'not then'}, ${one.zone})`}
          />
        ))}
      </Stack>
    </Checkbox.Group>
  );
}
