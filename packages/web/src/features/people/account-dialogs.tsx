import { type account, createdAccount } from '@picket/contracts/api/session';
import { Button, Group, Modal, Stack } from '@mantine/core';
import { z } from 'zod';
import { useSend } from '../../shared/api/use-send.ts';
import { CodeBox } from '../../shared/appliances/code-box.tsx';
import { ConfirmByName } from '../../shared/components/confirm-by-name.tsx';
import { ErrorState } from '../../shared/components/error-state.tsx';

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
    <Modal opened onClose={onClose} title={`Reset the password of ${one.login}?`} closeOnClickOutside={false}>
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
    </Modal>
  );
}

/** Deletes an account, confirmed by its login. */
export function DeleteAccountDialog(props: { account: Account; onClose: () => void; onGone: () => void }) {
  const { account: one } = props;
  const remove = useSend({ schema: z.unknown(), method: 'DELETE', path: `/accounts/${one.id}`, stale: ['/accounts'] });
  return (
    <ConfirmByName
      opened
      title="Delete this account?"
      consequence={`${one.name} is signed out at once and cannot sign in again. What the account did stays in the audit log.`}
      name={one.login}
      verb="Delete account"
      busy={remove.isPending}
      error={remove.error}
      onClose={props.onClose}
      onConfirm={() => remove.mutate(undefined, { onSuccess: props.onGone })}
    />
  );
}
