import { appliance } from '@picket/contracts/api/appliance';
import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { z } from 'zod';
import { fieldError } from '../api/api-error.ts';
import { useSend } from '../api/use-send.ts';
import { SendForm } from '../components/send-form.tsx';
import { ApplianceGroups } from './appliance-groups.tsx';
import { NetworkChoice, useChosenNetworks } from './network-choice.tsx';

/** Connects an appliance by the code that it shows. */
export function ActivateForm({ onDone }: { onDone: (name: string) => void }) {
  const [code, setCode] = useState('');
  const [name, setName] = useState('');
  const [networkIds, setNetworkIds] = useChosenNetworks();
  const [assetGroupIds, setAssetGroupIds] = useState<number[]>([]);
  const send = useSend({
    schema: z.object({ name: appliance.shape.name }),
    method: 'POST',
    path: '/appliances/activate',
    body: () => ({ code, networkIds, assetGroupIds, ...(name.trim() === '' ? {} : { name: name.trim() }) }),
    stale: ['/appliances', '/session', '/overview'],
  });
  return (
    <SendForm
      send={send}
      verb="Activate"
      ready={code.trim() !== ''}
      onSubmit={() => send.mutate(undefined, { onSuccess: (made) => onDone(made.name) })}
    >
      <TextInput
        label="Activation code"
        description="As the appliance shows it on its console; blanks and dashes do not matter"
        value={code}
        onChange={(event) => setCode(event.currentTarget.value)}
        error={fieldError(send.error, 'code')}
        autoComplete="off"
        classNames={{ input: 'pk-mono' }}
        data-autofocus
      />
      <TextInput
        label="Friendly name"
        description="Optional; at most 15 letters, digits and - _ \ ."
        maxLength={15}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        error={fieldError(send.error, 'name')}
        autoComplete="off"
      />
      <NetworkChoice value={networkIds} onChange={setNetworkIds} />
      <ApplianceGroups value={assetGroupIds} onChange={setAssetGroupIds} error={send.error} />
    </SendForm>
  );
}
