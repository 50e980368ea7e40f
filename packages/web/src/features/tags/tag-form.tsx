import { network } from '@picket/contracts/api/network';
import { type Tag, tag, tagRule, type TagRule } from '@picket/contracts/api/tag';
import { Group, NativeSelect, NumberInput, SegmentedControl, TextInput } from '@mantine/core';
import { useState } from 'react';
import { fieldError } from '../../shared/api/api-error.ts';
import { useList } from '../../shared/api/use-list.ts';
import { useSend } from '../../shared/api/use-send.ts';
import { SendForm } from '../../shared/components/send-form.tsx';
import { TargetsInput } from '../../shared/launch/targets-input.tsx';

/** Makes or changes a tag: given by hand, or by a rule. */
export function TagForm({ before, onDone }: { before?: Tag; onDone: (saved: Tag) => void }) {
  const [name, setName] = useState(before?.name ?? '');
  const [kind, setKind] = useState<Tag['kind']>(before?.kind ?? 'manual');
  const [rule, setRule] = useState<TagRule>(before?.rule ?? tagRule.parse({}));
  const send = useSend({
    schema: tag,
    method: before ? 'PUT' : 'POST',
    path: before ? `/tags/${before.id}` : '/tags',
    body: () => ({ name, rule: kind === 'rule' ? rule : null }),
    stale: ['/tags', '/assets', '/plans'],
  });
  return (
    <SendForm
      send={send}
      verb={before ? 'Save tag' : 'Make tag'}
      ready={name.trim() !== ''}
      onSubmit={() => send.mutate(undefined, { onSuccess: onDone })}
    >
      <TextInput
        label="Name"
        placeholder="Printers"
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        error={fieldError(send.error, 'name')}
        autoComplete="off"
        data-autofocus
      />
      <SegmentedControl
        aria-label="How assets get it"
        size="xs"
        value={kind}
        onChange={(next) => setKind(next === 'rule' ? 'rule' : 'manual')}
        data={[
          { value: 'manual', label: 'By hand, in the list of assets' },
          { value: 'rule', label: 'By a rule' },
        ]}
      />
      {kind === 'rule' ? (
        <RuleFields rule={rule} onChange={(part) => setRule((old) => ({ ...old, ...part }))} error={send.error} />
      ) : null}
    </SendForm>
  );
}

interface RuleProps {
  readonly rule: TagRule;
  readonly onChange: (part: Partial<TagRule>) => void;
  readonly error: unknown;
}

function RuleFields({ rule, onChange, error }: RuleProps) {
  const networks = useList(network, '/networks', {}, { limit: 500 });
  return (
    <>
      <NativeSelect
        label="Network"
        description="All that is filled in must hold at once"
        value={String(rule.networkId ?? '')}
        onChange={(event) => onChange({ networkId: Number(event.currentTarget.value) || null })}
        data={[
          { value: '', label: 'Any' },
          ...networks.items.map((one) => ({ value: String(one.id), label: one.name })),
        ]}
        error={fieldError(error, 'rule')}
      />
      <TargetsInput
        label="Addresses"
        description="Prefixes and ranges; empty: any"
        placeholder="10.0.0.0/16"
        minRows={1}
        value={rule.ranges}
        onChange={(ranges) => onChange({ ranges })}
        error={fieldError(error, 'rule.ranges') ?? null}
      />
      <TextInput
        label="Operating system"
        description="Part of its name"
        placeholder="Linux"
        value={rule.os}
        onChange={(event) => onChange({ os: event.currentTarget.value })}
      />
      <Group grow align="start">
        <NumberInput
          label="Open port"
          min={1}
          max={65_535}
          allowDecimal={false}
          hideControls
          value={rule.port ?? ''}
          onChange={(value) => onChange({ port: typeof value === 'number' ? value : null })}
        />
        <NativeSelect
          label="Protocol"
          value={rule.protocol ?? ''}
          onChange={({ currentTarget: { value } }) =>
            onChange({ protocol: value === 'tcp' || value === 'udp' ? value : null })
          }
          data={[
            { value: '', label: 'Any' },
            { value: 'tcp', label: 'TCP' },
            { value: 'udp', label: 'UDP' },
          ]}
        />
      </Group>
      <Group grow>
        <TextInput
          label="Service"
          placeholder="ssh"
          value={rule.service}
          onChange={(event) => onChange({ service: event.currentTarget.value })}
        />
        <TextInput
          label="Product"
          placeholder="OpenSSH"
          value={rule.product}
          onChange={(event) => onChange({ product: event.currentTarget.value })}
        />
      </Group>
    </>
  );
}
