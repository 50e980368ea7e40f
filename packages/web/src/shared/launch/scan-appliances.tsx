import { appliance } from '@picket/contracts/api/appliance';
import { assetGroup } from '@picket/contracts/api/people';
import { Checkbox, NativeSelect, Stack } from '@mantine/core';
import { useState } from 'react';
import { fieldError } from '../api/api-error.ts';
import { useList } from '../api/use-list.ts';
import type { Draft } from './draft.ts';

interface Props {
  readonly draft: Draft;
  readonly onChange: (change: Partial<Draft>) => void;
  readonly error: unknown;
}

type Way = 'any' | 'named' | 'groups';

function wayOf({ applianceIds, applianceGroupIds }: Draft): Way {
  if ((applianceGroupIds?.length ?? 0) > 0) return 'groups';
  return applianceIds.length > 0 ? 'named' : 'any';
}

/** Which appliances may run it: any of the network, some by name, or those of asset groups that serve the network at the launch. */
export function ScanAppliances({ draft, onChange, error }: Props) {
  const [way, setWay] = useState<Way>(() => wayOf(draft));
  const choose = (next: string) => {
    setWay(next === 'named' || next === 'groups' ? next : 'any');
    onChange({ applianceIds: [], applianceGroupIds: undefined });
  };
  return (
    <Stack gap={6}>
      <NativeSelect
        label="Appliances"
        value={way}
        onChange={(event) => choose(event.currentTarget.value)}
        data={[
          { value: 'any', label: 'Any that serves the network' },
          { value: 'groups', label: 'All of asset groups that serve the network' },
          { value: 'named', label: 'Only these' },
        ]}
        error={fieldError(error, 'applianceIds') ?? fieldError(error, 'applianceGroupIds')}
      />
      {way === 'named' ? <NamedAppliances draft={draft} onChange={onChange} /> : null}
      {way === 'groups' ? <ApplianceGroups draft={draft} onChange={onChange} /> : null}
    </Stack>
  );
}

function NamedAppliances({ draft, onChange }: Omit<Props, 'error'>) {
  const list = useList(appliance, '/appliances', {}, { limit: 500 });
  const serving = list.items.filter((one) => draft.networkId !== null && one.networkIds.includes(draft.networkId));
  return (
    <Checkbox.Group
      label="Only these appliances"
      description="Those that serve the network"
      value={draft.applianceIds.map(String)}
      onChange={(next) => onChange({ applianceIds: next.map(Number) })}
    >
      <Stack gap={6} mt={4}>
        {serving.map((one) => (
          <Checkbox key={one.id} value={String(one.id)} label={one.name} />
        ))}
      </Stack>
    </Checkbox.Group>
  );
}

function ApplianceGroups({ draft, onChange }: Omit<Props, 'error'>) {
  const groups = useList(assetGroup, '/asset-groups', {}, { limit: 500 });
  return (
    <Checkbox.Group
      label="Appliances of these asset groups"
      description="Looked up at the launch, with every run of a schedule anew"
      value={(draft.applianceGroupIds ?? []).map(String)}
      onChange={(next) => onChange({ applianceGroupIds: next.length === 0 ? undefined : next.map(Number) })}
    >
      <Stack gap={6} mt={4}>
        {groups.items.map((one) => (
          <Checkbox key={one.id} value={String(one.id)} label={one.name} />
        ))}
      </Stack>
    </Checkbox.Group>
  );
}
