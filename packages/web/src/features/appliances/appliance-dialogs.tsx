import type { Appliance } from '@picket/contracts/api/appliance';
import { applianceLimits } from '@picket/contracts/protocol';
import { Button, Group, NumberInput, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { z } from 'zod';
import { fieldError } from '../../shared/api/api-error.ts';
import { useSend } from '../../shared/api/use-send.ts';
import { NetworkChoice } from '../../shared/appliances/network-choice.tsx';
import { ConfirmByName } from '../../shared/components/confirm-by-name.tsx';
import { ConfirmDelete } from '../../shared/components/confirm-delete.tsx';
import { ErrorState } from '../../shared/components/error-state.tsx';
import { FormDialog } from '../../shared/components/form-dialog.tsx';

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
    <FormDialog title={`Edit ${one.name}`} onClose={onClose}>
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
    </FormDialog>
  );
}

/** Deletes an appliance, confirmed by its name. */
export function DeleteDialog(props: { appliance: Appliance; onClose: () => void; onGone: () => void }) {
  return (
    <ConfirmDelete
      what="appliance"
      consequence="It stops scanning at once and has to be enrolled again to come back. Its results stay."
      name={props.appliance.name}
      path={`/appliances/${props.appliance.id}`}
      stale={stale}
      onClose={props.onClose}
      onDeleted={props.onGone}
    />
  );
}

/** Refuses the key of an appliance from now on, confirmed by its name. */
export function RevokeDialog({ appliance: one, onClose }: { appliance: Appliance; onClose: () => void }) {
  const revoke = useSend({ schema: z.unknown(), method: 'POST', path: `/appliances/${one.id}/revoke`, stale });
  return (
    <ConfirmByName
      title="Revoke this appliance?"
      consequence="Its key is refused from now on and it stops scanning at once. It stays in the list; its results stay."
      name={one.name}
      verb="Revoke appliance"
      busy={revoke.isPending}
      error={revoke.error}
      onClose={onClose}
      onConfirm={() => revoke.mutate(undefined, { onSuccess: onClose })}
    />
  );
}
