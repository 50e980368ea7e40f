import { provisionedAppliance } from '@picket/contracts/api/appliance';
import { Button, Group, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { z } from 'zod';
import { fieldError } from '../api/api-error.ts';
import { useSend } from '../api/use-send.ts';
import { SendForm } from '../components/send-form.tsx';
import { Time } from '../components/time.tsx';
import { ApplianceGroups } from './appliance-groups.tsx';
import classes from './appliances.module.css';
import { CodeBox } from './code-box.tsx';
import { NetworkChoice, useChosenNetworks } from './network-choice.tsx';

/** Makes a place for a virtual appliance; the answer holds its code once. */
export function ProvisionForm({ onDone }: { onDone?: () => void }) {
  const [name, setName] = useState('');
  const [networkIds, setNetworkIds] = useChosenNetworks();
  const [assetGroupIds, setAssetGroupIds] = useState<number[]>([]);
  const send = useSend({
    schema: provisionedAppliance,
    method: 'POST',
    path: '/appliances/provision',
    body: () => ({ name: name.trim(), networkIds, assetGroupIds }),
    stale: ['/appliances', '/session', '/overview'],
  });
  if (send.data) return <Provisioned made={send.data} {...(onDone ? { onDone } : {})} />;
  return (
    <SendForm send={send} verb="Provision" ready={name.trim() !== ''} onSubmit={() => send.mutate()}>
      <TextInput
        label="Friendly name"
        description="At most 15 letters, digits and - _ \ ."
        maxLength={15}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        error={fieldError(send.error, 'name')}
        autoComplete="off"
        data-autofocus
      />
      <NetworkChoice value={networkIds} onChange={setNetworkIds} />
      <ApplianceGroups value={assetGroupIds} onChange={setAssetGroupIds} error={send.error} />
    </SendForm>
  );
}

function Provisioned({ made, onDone }: { made: z.infer<typeof provisionedAppliance>; onDone?: () => void }) {
  return (
    <Stack gap="sm">
      <CodeBox label="Personalization code" code={made.personalizationCode} />
      <CodeBox label="Enrolment string" code={made.enrolment} />
      <div>
        The code works once and only until <Time at={made.expiresAt} />. It is not shown again after this dialog is
        closed.
      </div>
      <strong>Next steps</strong>
      <ol className={classes.steps}>
        <li>Deploy the image, or install the appliance on a Linux machine close to its targets.</li>
        <li>
          Give it the enrolment string and the personalization code: as properties of the image or on its console.
        </li>
        <li>It calls this platform over HTTPS, activates itself within minutes and appears here as online.</li>
      </ol>
      {onDone ? (
        <Group justify="flex-end">
          <Button onClick={onDone}>Done</Button>
        </Group>
      ) : null}
    </Stack>
  );
}
