import type { Appliance } from '@picket/contracts/api/appliance';
import { applianceLimits } from '@picket/contracts/protocol';
import { Button, Group, Modal, NumberInput, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { z } from 'zod';
import { fieldError } from '../../shared/api/api-error.ts';
import { useSend } from '../../shared/api/use-send.ts';
import { NetworkChoice } from '../../shared/appliances/network-choice.tsx';
import { ConfirmByName } from '../../shared/components/confirm-by-name.tsx';
import { ErrorState } from '../../shared/components/error-state.tsx';

const stale = ['/appliances', '/session', '/overview', '/networks'];

/** Name, intervals and networks of an appliance. */
export function EditDialog({ appliance: one, onClose }: { appliance: Appliance; onClose: () => void }) {
  const [values, setValues] = useState({
    name: one.name,
    pollIntervalSeconds: one.pollIntervalSeconds,
    heartbeatSeconds: one.heartbeatSeconds,
    networkIds: one.networkIds,
  });
  const save = useSend({
    schema: z.unknown(),
    method: 'PATCH',
    path: `/appliances/${one.id}`,
    body: () => values,
    stale,
  });
  return (
    <Modal opened onClose={onClose} title={`Edit ${one.name}`}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate(undefined, { onSuccess: onClose });
        }}
      >
        <Stack gap="sm">
          <TextInput
            label="Friendly name"
            maxLength={15}
            value={values.name}
            onChange={(event) => setValues({ ...values, name: event.currentTarget.value })}
            error={fieldError(save.error, 'name')}
            data-autofocus
          />
          <NumberInput
            label="Polling interval, seconds"
            description="Changes made here arrive at its next poll"
            min={applianceLimits.pollIntervalMin}
            max={applianceLimits.pollIntervalMax}
            value={values.pollIntervalSeconds}
            onChange={(next) => setValues({ ...values, pollIntervalSeconds: Number(next) })}
            error={fieldError(save.error, 'pollIntervalSeconds')}
          />
          <NumberInput
            label="Heartbeat, seconds"
            description="Silent longer than this: shown as offline"
            min={60}
            max={14_400}
            value={values.heartbeatSeconds}
            onChange={(next) => setValues({ ...values, heartbeatSeconds: Number(next) })}
            error={fieldError(save.error, 'heartbeatSeconds')}
          />
          <TextInput
            label="LAN IP"
            description="LAN settings and the default VLAN are set at its console; it reports this address alone"
            value={one.lanAddress ?? 'not known'}
            readOnly
          />
          <NetworkChoice value={values.networkIds} onChange={(networkIds) => setValues({ ...values, networkIds })} />
          {save.error ? <ErrorState error={save.error} /> : null}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Keep as it was
            </Button>
            <Button type="submit" loading={save.isPending}>
              Save
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

/** Delete or revoke, confirmed by the name. Both take effect at once. */
export function RemoveDialog(props: {
  appliance: Appliance;
  how: 'delete' | 'revoke';
  onClose: () => void;
  onGone: () => void;
}) {
  const { appliance: one, how } = props;
  const send = useSend({
    schema: z.unknown(),
    method: how === 'delete' ? 'DELETE' : 'POST',
    path: how === 'delete' ? `/appliances/${one.id}` : `/appliances/${one.id}/revoke`,
    stale,
  });
  return (
    <ConfirmByName
      opened
      title={how === 'delete' ? 'Delete this appliance?' : 'Revoke this appliance?'}
      consequence={
        how === 'delete'
          ? 'It stops scanning at once and has to be enrolled again to come back. Its results stay.'
          : 'Its key is refused from now on and it stops scanning at once. It stays in the list; its results stay.'
      }
      name={one.name}
      verb={how === 'delete' ? 'Delete appliance' : 'Revoke appliance'}
      busy={send.isPending}
      error={send.error}
      onClose={props.onClose}
      onConfirm={() =>
        send.mutate(undefined, {
          onSuccess: () => {
            props.onClose();
            if (how === 'delete') props.onGone();
          },
        })
      }
    />
  );
}
