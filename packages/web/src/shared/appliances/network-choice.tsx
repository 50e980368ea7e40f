import { network } from '@picket/contracts/api/network';
import { Checkbox, Stack } from '@mantine/core';
import { useState } from 'react';
import { useList } from '../api/use-list.ts';

/** The networks chosen for a new appliance: all of them until somebody chooses, for without one it gets no work. */
export function useChosenNetworks(): [readonly number[], (value: number[]) => void] {
  const networks = useList(network, '/networks', {}, { limit: 500 });
  const [chosen, setChosen] = useState<readonly number[] | null>(null);
  return [chosen ?? networks.items.map((one) => one.id), setChosen];
}

/** Which networks an appliance may scan. */
export function NetworkChoice({ value, onChange }: { value: readonly number[]; onChange: (value: number[]) => void }) {
  const networks = useList(network, '/networks', {}, { limit: 500 });
  if (networks.items.length === 0) return null;
  return (
    <Checkbox.Group label="Networks it scans" value={value.map(String)} onChange={(next) => onChange(next.map(Number))}>
      <Stack gap={6} mt={4}>
        {networks.items.map((one) => (
          <Checkbox key={one.id} value={String(one.id)} label={one.name} />
        ))}
      </Stack>
    </Checkbox.Group>
  );
}
