import { account } from '@picket/contracts/api/session';
import { Button, Group, Modal, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { z } from 'zod';
import { fieldError } from '../../shared/api/api-error.ts';
import { useSend } from '../../shared/api/use-send.ts';
import { ErrorState } from '../../shared/components/error-state.tsx';
import { AccessFields, type AccessValues, accessBody } from './access-fields.tsx';

/** Name, mail, role, business unit and asset groups of an account. */
export function EditAccountDialog({
  account: one,
  onClose,
}: {
  account: z.infer<typeof account>;
  onClose: () => void;
}) {
  const [values, setValues] = useState<AccessValues & { name: string; email: string }>({
    name: one.name,
    email: one.email ?? '',
    role: one.role,
    businessUnitId: one.businessUnitId,
    assetGroupIds: one.assetGroupIds,
  });
  const set = (change: Partial<typeof values>) => setValues((old) => ({ ...old, ...change }));
  const send = useSend({
    schema: account,
    method: 'PATCH',
    path: `/accounts/${one.id}`,
    body: () => {
      const { role, ...rest } = accessBody(values);
      const email = values.email.trim() === '' ? null : values.email.trim();
      // A role that stays is left out: the person need not sign in again.
      return { name: values.name, email, ...rest, ...(role === one.role ? {} : { role }) };
    },
    stale: ['/accounts', '/asset-groups', '/business-units'],
  });
  return (
    <Modal opened onClose={onClose} title={`Edit ${one.login}`} closeOnClickOutside={false}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          send.mutate(undefined, { onSuccess: onClose });
        }}
      >
        <Stack gap="sm">
          <TextInput
            label="Name"
            value={values.name}
            onChange={(event) => set({ name: event.currentTarget.value })}
            error={fieldError(send.error, 'name')}
            autoComplete="off"
            data-autofocus
          />
          <TextInput
            label="Mail"
            description="Optional"
            type="email"
            value={values.email}
            onChange={(event) => set({ email: event.currentTarget.value })}
            error={fieldError(send.error, 'email')}
            autoComplete="off"
          />
          <AccessFields values={values} onChange={set} error={send.error} />
          {send.error ? <ErrorState error={send.error} /> : null}
          <Group justify="flex-end">
            <Button type="submit" disabled={values.name.trim() === ''} loading={send.isPending}>
              Save account
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
