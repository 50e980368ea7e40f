import type { account } from '@picket/contracts/api/session';
import { Button, Group, Stack } from '@mantine/core';
import { z } from 'zod';
import { useSend } from '../../shared/api/use-send.ts';
import { useMay, useSession } from '../../shared/api/use-session.ts';
import { Address } from '../../shared/components/address.tsx';
import { ConfirmDelete } from '../../shared/components/confirm-delete.tsx';
import { DialogButton } from '../../shared/components/dialog-button.tsx';
import { ErrorState } from '../../shared/components/error-state.tsx';
import { Fact, Facts } from '../../shared/components/facts.tsx';
import { SidePanel } from '../../shared/components/side-panel.tsx';
import { Time } from '../../shared/components/time.tsx';
import { offerUndo } from '../../shared/components/undo-toast.tsx';
import { roleWords } from '../../shared/format/words.ts';
import { ResetPasswordDialog } from './account-dialogs.tsx';
import { AccountSecurity } from './account-security.tsx';
import { AccountSight } from './account-sight.tsx';
import { EditAccountDialog } from './edit-account-dialog.tsx';

type Account = z.infer<typeof account>;

/** One account: what it may, how it signs in, and what can be done with it. */
export function AccountPanel({ account: one, onClose }: { account: Account; onClose: () => void }) {
  const may = useMay();
  const self = useSession().data?.user?.id === one.id;
  const update = useSend({
    schema: z.unknown(),
    method: 'PATCH',
    path: `/accounts/${one.id}`,
    body: (values: { disabled: boolean }) => values,
    stale: ['/accounts'],
  });
  function setDisabled(disabled: boolean): void {
    update.mutate(
      { disabled },
      {
        onSuccess: () =>
          offerUndo(`${one.login} is ${disabled ? 'disabled' : 'enabled'}`, () =>
            update.mutate({ disabled: !disabled }),
          ),
      },
    );
  }
  return (
    <SidePanel title={one.name} label="Account" onClose={onClose}>
      <Stack gap="md">
        <Facts>
          <Fact name="Login">
            <Address>{one.login}</Address>
          </Fact>
          <Fact name="Mail">{one.email ?? 'none'}</Fact>
          <Fact name="Role">
            {roleWords[one.role].label}: {roleWords[one.role].may.toLowerCase()}
          </Fact>
          <AccountSight account={one} />
          <Fact name="State">{one.disabled ? 'Disabled: cannot sign in' : 'Active'}</Fact>
          <Fact name="Created">
            <Time at={one.createdAt} />
          </Fact>
          <Fact name="Last sign-in">
            <Time at={one.lastSignInAt} />
          </Fact>
        </Facts>
        {update.error ? <ErrorState error={update.error} /> : null}
        {may.managePeople && !self ? (
          <Group gap="xs">
            <DialogButton label="Edit">{(close) => <EditAccountDialog account={one} onClose={close} />}</DialogButton>
            <Button variant="default" loading={update.isPending} onClick={() => setDisabled(!one.disabled)}>
              {one.disabled ? 'Enable account' : 'Disable account'}
            </Button>
            <DialogButton label="Reset password">
              {(close) => <ResetPasswordDialog account={one} onClose={close} />}
            </DialogButton>
            <DialogButton label="Delete">
              {(close) => (
                <ConfirmDelete
                  what="account"
                  consequence={`${one.name} is signed out at once and cannot sign in again. What the account did stays in the audit log.`}
                  name={one.login}
                  path={`/accounts/${one.id}`}
                  stale={['/accounts']}
                  onClose={close}
                  onDeleted={onClose}
                />
              )}
            </DialogButton>
          </Group>
        ) : null}
        {may.manage ? <AccountSecurity accountId={one.id} /> : null}
      </Stack>
    </SidePanel>
  );
}
