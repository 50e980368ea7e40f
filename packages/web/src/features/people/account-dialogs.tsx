import { type account, createdAccount } from '@picket/contracts/api/session';
import { Button, Group, Stack } from '@mantine/core';
import type { z } from 'zod';
import { useSend } from '../../shared/api/use-send.ts';
import { CodeBox } from '../../shared/appliances/code-box.tsx';
import { ErrorState } from '../../shared/components/error-state.tsx';
import { FormDialog } from '../../shared/components/form-dialog.tsx';

type Account = z.infer<typeof account>;

/** A new one-time password: shown once, as its maker has to pass it on. */
export function OneTimePassword(props: { name: string; login: string; password: string; onDone: () => void }) {
  return (
    <Stack gap="sm">
      <CodeBox label="One-time password" code={props.password} />
      <div>
        Give it to {props.name} on a safe way. It works once, for login {props.login}, and is not shown again.
      </div>
      <Group justify="flex-end">
        <Button onClick={props.onDone}>Done</Button>
      </Group>
    </Stack>
  );
}

/** Replaces the password of somebody who lost it. */
export function ResetPasswordDialog({ account: one, onClose }: { account: Account; onClose: () => void }) {
  const reset = useSend({
    schema: createdAccount,
    method: 'POST',
    path: `/accounts/${one.id}/password`,
    body: () => ({}),
    stale: ['/accounts'],
  });
  return (
    <FormDialog title={`Reset the password of ${one.login}?`} onClose={onClose}>
      {reset.data ? (
        <OneTimePassword
          name={reset.data.name}
          login={reset.data.login}
          password={reset.data.oneTimePassword}
          onDone={onClose}
        />
      ) : (
        <Stack gap="sm">
          <div>The old password stops working at once, and {one.name} is signed out everywhere.</div>
          {reset.error ? <ErrorState error={reset.error} /> : null}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Keep it
            </Button>
            <Button loading={reset.isPending} onClick={() => reset.mutate()}>
              Reset password
            </Button>
          </Group>
        </Stack>
      )}
    </FormDialog>
  );
}
