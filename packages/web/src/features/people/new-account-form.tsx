import { createdAccount, role } from '@picket/contracts/api/session';
import { Button, Group, NativeSelect, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { fieldError } from '../../shared/api/api-error.ts';
import { useSend } from '../../shared/api/use-send.ts';
import { ErrorState } from '../../shared/components/error-state.tsx';
import { roleWords } from '../../shared/format/words.ts';
import { OneTimePassword } from './account-dialogs.tsx';

/** Makes an account; its one-time password is shown once. */
export function NewAccountForm({ onDone }: { onDone: () => void }) {
  const [values, setValues] = useState<{
    login: string;
    name: string;
    email: string;
    role: (typeof role.options)[number];
  }>({ login: '', name: '', email: '', role: 'reader' });
  const set = (change: Partial<typeof values>) => setValues((old) => ({ ...old, ...change }));
  const send = useSend({
    schema: createdAccount,
    method: 'POST',
    path: '/accounts',
    body: () => ({ ...values, email: values.email.trim() === '' ? undefined : values.email.trim() }),
    stale: ['/accounts'],
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
        <NativeSelect
          label="Role"
          value={values.role}
          onChange={(event) => {
            const next = role.safeParse(event.currentTarget.value);
            if (next.success) set({ role: next.data });
          }}
          data={role.options.map((value) => ({
            value,
            label: `${roleWords[value].label}: ${roleWords[value].may.toLowerCase()}`,
          }))}
        />
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
