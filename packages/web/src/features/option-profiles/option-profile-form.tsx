import { type OptionProfile, optionProfile, type ScanOptions } from '@picket/contracts/api/option-profile';
import { platformProfileNames, profiles } from '@picket/plan/profile';
import { Checkbox, NativeSelect, NumberInput, TextInput } from '@mantine/core';
import { useState } from 'react';
import { fieldError } from '../../shared/api/api-error.ts';
import { useSend } from '../../shared/api/use-send.ts';
import { useMay } from '../../shared/api/use-session.ts';
import { SendForm } from '../../shared/components/send-form.tsx';
import { formatCount } from '../../shared/format/number.ts';

interface Props {
  readonly name: string;
  readonly options: ScanOptions;
  /** The profile that is changed; without it a new one is made. */
  readonly id?: number;
  readonly onDone: (saved: OptionProfile) => void;
}

/** Makes a profile, perhaps from another one's options, or changes one. */
export function OptionProfileForm(props: Props) {
  const [name, setName] = useState(props.name);
  const [options, setOptions] = useState(props.options);
  const change = (part: Partial<ScanOptions>) => setOptions((old) => ({ ...old, ...part }));
  const send = useSend({
    schema: optionProfile,
    method: props.id === undefined ? 'POST' : 'PUT',
    path: props.id === undefined ? '/option-profiles' : `/option-profiles/${props.id}`,
    body: () => ({ name, options }),
    stale: ['/option-profiles', '/plans'],
  });
  const may = useMay();
  return (
    <SendForm
      send={send}
      verb={props.id === undefined ? 'Save as new profile' : 'Save next version'}
      ready={name.trim() !== '' && options.ports.trim() !== ''}
      onSubmit={() => send.mutate(undefined, { onSuccess: props.onDone })}
    >
      <TextInput
        label="Name"
        description={may.manage ? 'For everybody: a Manager saves it' : 'For yourself'}
        placeholder="Printers"
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        error={fieldError(send.error, 'name')}
        autoComplete="off"
        data-autofocus
      />
      <OptionFields options={options} onChange={change} error={send.error} />
    </SendForm>
  );
}

interface FieldsProps {
  readonly options: ScanOptions;
  readonly onChange: (part: Partial<ScanOptions>) => void;
  readonly error: unknown;
}

function OptionFields({ options, onChange, error }: FieldsProps) {
  const may = useMay();
  return (
    <>
      <NativeSelect
        label="Intensity"
        value={options.profile}
        onChange={(event) => {
          const found = platformProfileNames.find((one) => one === event.currentTarget.value);
          if (found) onChange({ profile: found });
        }}
        data={platformProfileNames.map((one) => ({
          value: one,
          label: `${one[0]?.toUpperCase()}${one.slice(1)}, ${formatCount(profiles[one].packetsPerSecond)} packets a second`,
        }))}
      />
      <NumberInput
        label="Packets a second"
        description="For the whole scan; empty: as the intensity has it, which it never exceeds"
        min={1}
        max={20_000}
        allowDecimal={false}
        value={options.rate ?? ''}
        onChange={(value) => onChange({ rate: typeof value === 'number' ? value : undefined })}
        error={fieldError(error, 'options.rate')}
        hideControls
      />
      <TextInput
        label="Ports"
        description="22,80,443 or 1-1024, top100, all; U: before UDP ports. Maps need none"
        value={options.ports}
        onChange={(event) => onChange({ ports: event.currentTarget.value })}
        error={fieldError(error, 'options.ports')}
        classNames={{ input: 'pk-mono' }}
      />
      <Checkbox
        label="Treat every address as alive (slower)"
        checked={options.assumeAlive}
        onChange={(event) => onChange({ assumeAlive: event.currentTarget.checked })}
      />
      <Checkbox
        label="Identify services"
        checked={options.services}
        onChange={(event) => onChange({ services: event.currentTarget.checked })}
      />
      <Checkbox
        label="Run checks"
        disabled={!options.services}
        checked={options.checks && options.services}
        onChange={(event) => onChange({ checks: event.currentTarget.checked })}
      />
      {may.manage ? (
        <Checkbox
          label="Allow intrusive checks (they may change or disturb a host; only Managers can use the profile then)"
          checked={options.intrusive}
          onChange={(event) => onChange({ intrusive: event.currentTarget.checked })}
        />
      ) : null}
    </>
  );
}
