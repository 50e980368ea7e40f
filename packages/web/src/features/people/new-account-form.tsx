import { createdAccount } from '@picket/contracts/api/session';
import { Button, Group, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { fieldError } from '../../shared/api/api-error.ts';
import { useSend } from '../../shared/api/use-send.ts';
import { useSession } from '../../shared/api/use-session.ts';
import { ErrorState } from '../../shared/components/error-state.tsx';
import { AccessFields, type AccessValues, accessBody } from './access-fields.tsx';
import { OneTimePassword } from './account-dialogs.tsx';

/** Makes an account; its one-time password is shown once. */
export function NewAccountForm({ onDone }: { onDone: () => void }) {
  const own = useSession().data?.user?.businessUnitId ?? null;
  const [values, setValues] = useState<AccessValues & { login: string; name: string; email: string }>({
    login: '',
    name: '',
    email: '',
    role: 'reader',
    businessUnitId: own,
    assetGroupIds: [],
  });
  const set = (change: Partial<typeof values>) => setValues((old) => ({ ...old, ...change }));
  const send = useSend({
    schema: createdAccount,
    method: 'POST',
    path: '/accounts',
    body: () => ({
      ...values,
      ...accessBody(values),
      email: values.email.trim() === '' ? undefined : values.email.trim(),
    }),
    stale: ['/accounts', '/asset-groups', '/business-units'],
  });
  if (send.data) {
    return (
      <OneTimePassword
        name={send.data.name}
        login={send.data.login}
        password={send.data.oneTimePassword}
        onDone={onDone}
      />
    );
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        send.mutate();
      }}
    >
      <Stack gap="sm">
        <TextInput
          label="Login"
          value={values.login}
          onChange={(event) => set({ login: event.currentTarget.value })}
          error={fieldError(send.error, 'login')}
          autoComplete="off"
          data-autofocus
        />
        <TextInput
          label="Name"
          value={values.name}
          onChange={(event) => set({ name: event.currentTarget.value })}
          error={fieldError(send.error, 'name')}
          autoComplete="off"
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
          <Button
            type="submit"
            disabled={values.login.trim() === '' || values.name.trim() === ''}
            loading={send.isPending}
          >
            Create account
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
