import { tag } from '@picket/contracts/api/tag';
import { Button, Checkbox, Group, Text } from '@mantine/core';
import { fieldError } from '../api/api-error.ts';
import { useList } from '../api/use-list.ts';
import type { Draft } from './draft.ts';

interface Props {
  readonly draft: Draft;
  readonly onChange: (change: Partial<Draft>) => void;
  readonly error: unknown;
}

/** Targets that the platform finds at the launch: assets with tags, hosts of a map. Not shown where there are none. */
export function FoundTargets(props: Props) {
  return (
    <>
      <TagTargets {...props} />
      <MapTargets {...props} />
    </>
  );
}

function TagTargets({ draft, onChange, error }: Props) {
  const tags = useList(tag, '/tags', {}, { limit: 200 });
  if (tags.items.length === 0) return null;
  return (
    <Checkbox.Group
      label="Tags"
      description="Also scans the assets of this network that have one of them at the launch"
      error={fieldError(error, 'tagIds')}
      value={(draft.tagIds ?? []).map(String)}
      onChange={(next) => onChange({ tagIds: next.map(Number) })}
    >
      <Group gap="md" mt={4}>
        {tags.items.map((one) => (
          <Checkbox key={one.id} value={String(one.id)} label={one.name} />
        ))}
      </Group>
    </Checkbox.Group>
  );
}

function MapTargets({ draft, onChange, error }: Props) {
  const { fromMap } = draft;
  if (fromMap === undefined) return null;
  const where = fromMap.networks.length === 0 ? '' : ` in ${fromMap.networks.join(', ')}`;
  return (
    <div>
      <Group gap="xs" justify="space-between">
        <Text size="sm">
          All hosts of map {fromMap.id}
          {where}, as far as they are registered
        </Text>
        <Button size="compact-sm" variant="default" onClick={() => onChange({ fromMap: undefined })}>
          Leave them out
        </Button>
      </Group>
      <Text size="sm" c="var(--pk-bad)">
        {fieldError(error, 'fromMap')}
      </Text>
    </div>
  );
}
