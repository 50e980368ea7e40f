import { assetGroup } from '@picket/contracts/api/people';
import { Checkbox, Stack, Text } from '@mantine/core';
import { useList } from '../api/use-list.ts';

/** Asset groups to pick from: those that the person sees, the group All left out where it makes no sense. */
export function GroupChoice(props: {
  label: string;
  description?: string;
  value: readonly number[];
  onChange: (value: number[]) => void;
  error?: string | null;
  /** Only groups of this business unit. */
  businessUnitId?: number | null;
  withoutAll?: boolean;
}) {
  const groups = useList(assetGroup, '/asset-groups', {}, { limit: 500 });
  const unit = props.businessUnitId;
  const offered = groups.items
    .filter((one) => !(props.withoutAll && one.coversAll))
    .filter((one) => unit === undefined || one.businessUnitId === unit);
  return (
    <Checkbox.Group
      label={props.label}
      description={props.description}
      error={props.error}
      value={props.value.map(String)}
      onChange={(next) => props.onChange(next.map(Number))}
    >
      <Stack gap={6} mt={4}>
        {offered.map((one) => (
          <Checkbox
            key={one.id}
            value={String(one.id)}
            label={one.businessUnitName === null ? one.name : `${one.name} (${one.businessUnitName})`}
          />
        ))}
        {offered.length === 0 && !groups.loading ? (
          <Text size="sm" c="dimmed">
            There is no asset group to choose. A Manager makes them under Settings, Asset groups.
          </Text>
        ) : null}
      </Stack>
    </Checkbox.Group>
  );
}
