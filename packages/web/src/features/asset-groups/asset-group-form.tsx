import { appliance } from '@picket/contracts/api/appliance';
import { network } from '@picket/contracts/api/network';
import { type AssetGroup, assetGroup } from '@picket/contracts/api/people';
import { Checkbox, Fieldset, Stack, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { fieldError } from '../../shared/api/api-error.ts';
import { useList } from '../../shared/api/use-list.ts';
import { useSend } from '../../shared/api/use-send.ts';
import { SendForm } from '../../shared/components/send-form.tsx';
import { formatRanges } from '../../shared/format/range.ts';
import { TargetsInput } from '../../shared/launch/targets-input.tsx';
import { UnitChoice } from '../../shared/people/unit-choice.tsx';
import { readTargets } from '../../shared/plan/read-targets.ts';

type Texts = Readonly<Record<number, { readonly ranges: string; readonly exclusions: string }>>;

const noText = { ranges: '', exclusions: '' };

function textsOf(before: AssetGroup | undefined): Texts {
  return Object.fromEntries(
    (before?.networks ?? []).map((one) => [
      one.networkId,
      { ranges: formatRanges(one.ranges, '\n'), exclusions: formatRanges(one.exclusions, '\n') },
    ]),
  );
}

/** Makes or changes an asset group: addresses of each network as text, appliances, business unit. */
export function AssetGroupForm({ before, onDone }: { before?: AssetGroup; onDone: () => void }) {
  const networks = useList(network, '/networks', {}, { limit: 500 });
  const appliances = useList(appliance, '/appliances', {}, { limit: 500 });
  const [values, setValues] = useState({
    name: before?.name ?? '',
    comments: before?.comments ?? '',
    businessUnitId: before?.businessUnitId ?? null,
    applianceIds: before?.applianceIds ?? [],
  });
  const [texts, setTexts] = useState<Texts>(textsOf(before));
  const set = (change: Partial<typeof values>) => setValues((old) => ({ ...old, ...change }));
  const write = (id: number, change: Partial<Texts[number]>) =>
    setTexts((old) => ({ ...old, [id]: { ...noText, ...old[id], ...change } }));
  const named = networks.items.filter((one) => (texts[one.id]?.ranges.trim() ?? '') !== '');
  const sent = named.map((one) => ({ networkId: one.id, ...(texts[one.id] ?? noText) }));
  const send = useSend({
    schema: assetGroup,
    method: before ? 'PUT' : 'POST',
    path: before ? `/asset-groups/${before.id}` : '/asset-groups',
    body: () => ({ ...values, networks: sent }),
    stale: ['/asset-groups', '/business-units', '/appliances', '/accounts'],
  });
  const faulty = sent.some((one) => {
    const read = readTargets(one.ranges);
    return read.errors.length > 0 || read.names.length > 0;
  });
  return (
    <SendForm
      send={send}
      verb={before ? 'Save asset group' : 'Make asset group'}
      ready={values.name.trim() !== '' && !faulty}
      onSubmit={() => send.mutate(undefined, { onSuccess: onDone })}
    >
      <TextInput
        label="Name"
        placeholder="Plant Hamburg, offices"
        value={values.name}
        onChange={(event) => set({ name: event.currentTarget.value })}
        error={fieldError(send.error, 'name')}
        autoComplete="off"
        data-autofocus
      />
      {networks.items.map((one) => {
        const at = sent.findIndex((given) => given.networkId === one.id);
        return (
          <Fieldset key={one.id} legend={one.name}>
            <TargetsInput
              label={`Addresses in ${one.name}`}
              description="Prefixes and ranges; empty: nothing of this network"
              placeholder="10.0.0.0/16"
              minRows={1}
              value={texts[one.id]?.ranges ?? ''}
              onChange={(ranges) => write(one.id, { ranges })}
              error={fieldError(send.error, `networks.${at}.ranges`)}
            />
            {at < 0 ? null : (
              <TargetsInput
                label={`Except in ${one.name}`}
                description="Not of the group: not seen through it, and never in a scan that takes the group as a target"
                placeholder="10.0.9.0/24"
                minRows={1}
                value={texts[one.id]?.exclusions ?? ''}
                onChange={(exclusions) => write(one.id, { exclusions })}
                error={fieldError(send.error, `networks.${at}.exclusions`)}
              />
            )}
          </Fieldset>
        );
      })}
      {appliances.items.length === 0 ? null : (
        <Checkbox.Group
          label="Appliances"
          description="People of the group scan with these"
          value={values.applianceIds.map(String)}
          onChange={(next) => set({ applianceIds: next.map(Number) })}
          error={fieldError(send.error, 'applianceIds')}
        >
          <Stack gap={6} mt={4}>
            {appliances.items.map((one) => (
              <Checkbox key={one.id} value={String(one.id)} label={one.name} />
            ))}
          </Stack>
        </Checkbox.Group>
      )}
      <UnitChoice
        description="Its Unit Managers see the group and may give it to people of the unit"
        value={values.businessUnitId}
        onChange={(businessUnitId) => set({ businessUnitId })}
        error={fieldError(send.error, 'businessUnitId')}
      />
      <Textarea
        label="Comments"
        description="Optional"
        autosize
        minRows={1}
        value={values.comments}
        onChange={(event) => set({ comments: event.currentTarget.value })}
      />
    </SendForm>
  );
}
