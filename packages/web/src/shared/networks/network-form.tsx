import { network } from '@picket/contracts/api/network';
import { Checkbox, Stack, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { z } from 'zod';
import { appliance } from '@picket/contracts/api/appliance';
import { fieldError } from '../api/api-error.ts';
import { useList } from '../api/use-list.ts';
import { useSend } from '../api/use-send.ts';
import { SendForm } from '../components/send-form.tsx';
import { formatRanges } from '../format/range.ts';
import { TargetsInput } from '../launch/targets-input.tsx';
import { readTargets } from '../plan/read-targets.ts';

type Network = z.infer<typeof network>;

/** Registers or changes a network. Public ranges ask for the Manager's recorded word. */
export function NetworkForm({ before, onDone }: { before?: Network; onDone: () => void }) {
  const [values, setValues] = useState({
    name: before?.name ?? '',
    ranges: formatRanges(before?.ranges ?? [], '\n'),
    exclusions: formatRanges(before?.exclusions ?? [], '\n'),
    authorization: before?.authorization?.statement ?? '',
    applianceIds: before?.applianceIds ?? [],
  });
  const set = (change: Partial<typeof values>) => setValues((old) => ({ ...old, ...change }));
  const read = readTargets(values.ranges);
  const needsWord = read.publicRanges.length > 0;
  const send = useSend({
    schema: network,
    method: before ? 'PUT' : 'POST',
    path: before ? `/networks/${before.id}` : '/networks',
    body: () => ({ ...values, authorization: needsWord ? values.authorization : undefined }),
    stale: ['/networks', '/session', '/overview', '/appliances'],
  });
  const ready =
    values.name.trim() !== '' && read.ranges.length > 0 && read.errors.length === 0 && read.names.length === 0;
  return (
    <SendForm
      send={send}
      verb={before ? 'Save network' : 'Register network'}
      ready={ready && (!needsWord || values.authorization.trim() !== '')}
      onSubmit={() => send.mutate(undefined, { onSuccess: onDone })}
    >
      <TextInput
        label="Name"
        placeholder="Head office"
        value={values.name}
        onChange={(event) => set({ name: event.currentTarget.value })}
        error={fieldError(send.error, 'name')}
        data-autofocus
      />
      <TargetsInput
        label="Address ranges"
        description="Paste prefixes and ranges; only what is registered here can be scanned"
        placeholder={'10.0.0.0/16\n192.168.1.10-99'}
        value={values.ranges}
        onChange={(ranges) => set({ ranges })}
        error={
          fieldError(send.error, 'ranges') ??
          (read.names.length > 0 ? `Names can't be registered: ${read.names[0]}. Write addresses.` : null)
        }
      />
      <TargetsInput
        label="Exclusions"
        description="Never touched by any scan of this network"
        placeholder="10.0.9.0/24"
        minRows={1}
        value={values.exclusions}
        onChange={(exclusions) => set({ exclusions })}
        error={fieldError(send.error, 'exclusions')}
      />
      {needsWord ? (
        <Textarea
          label="Who allows scanning these public ranges, and why"
          description={`${formatRanges(read.publicRanges.slice(0, 3))}${read.publicRanges.length > 3 ? ' and more' : ''}: public addresses. Your words are recorded with your name in the audit log.`}
          autosize
          minRows={2}
          value={values.authorization}
          onChange={(event) => set({ authorization: event.currentTarget.value })}
          error={fieldError(send.error, 'authorization')}
          required
        />
      ) : null}
      <ApplianceChoice value={values.applianceIds} onChange={(applianceIds) => set({ applianceIds })} />
    </SendForm>
  );
}

function ApplianceChoice({ value, onChange }: { value: readonly number[]; onChange: (value: number[]) => void }) {
  const list = useList(appliance, '/appliances', {}, { limit: 500 });
  if (list.items.length === 0) return null;
  return (
    <Checkbox.Group
      label="Appliances that scan it"
      value={value.map(String)}
      onChange={(next) => onChange(next.map(Number))}
    >
      <Stack gap={6} mt={4}>
        {list.items.map((one) => (
          <Checkbox key={one.id} value={String(one.id)} label={one.name} />
        ))}
      </Stack>
    </Checkbox.Group>
  );
}
