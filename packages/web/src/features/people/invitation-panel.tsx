import { type Invitation, sentInvitation } from '@picket/contracts/api/invitation';
import { Button, Group, Stack } from '@mantine/core';
import { useSend } from '../../shared/api/use-send.ts';
import { useMay } from '../../shared/api/use-session.ts';
import { Address } from '../../shared/components/address.tsx';
import { ConfirmDelete } from '../../shared/components/confirm-delete.tsx';
import { DialogButton } from '../../shared/components/dialog-button.tsx';
import { ErrorState } from '../../shared/components/error-state.tsx';
import { Fact, Facts } from '../../shared/components/facts.tsx';
import { FormDialog } from '../../shared/components/form-dialog.tsx';
import { SidePanel } from '../../shared/components/side-panel.tsx';
import { Time } from '../../shared/components/time.tsx';
import { roleWords } from '../../shared/format/words.ts';
import { AccountSight } from './account-sight.tsx';
import { SentLink } from './invite-form.tsx';

/** One open invitation: to what, by whom, until when; a new link, or none any more. */
export function InvitationPanel({ invitation: one, onClose }: { invitation: Invitation; onClose: () => void }) {
  const may = useMay();
  return (
    <SidePanel title={one.name} label="Invitation" onClose={onClose}>
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
          <Fact name="Invited by">
            <Address>{one.invitedBy}</Address>
          </Fact>
          <Fact name="Link made">
            <Time at={one.sentAt} />
          </Fact>
          <Fact name={one.expired ? 'Ended' : 'Ends'}>
            <Time at={one.expiresAt} />
          </Fact>
        </Facts>
        {may.managePeople ? (
          <Group gap="xs">
            <DialogButton label="New link">{(close) => <ResendDialog invitation={one} onClose={close} />}</DialogButton>
            <DialogButton label="Revoke">
              {(close) => (
                <ConfirmDelete
                  what="invitation"
                  verb="Revoke"
                  consequence={`The link that ${one.name} has works no longer. To invite them again, begin anew.`}
                  name={one.login}
                  path={`/invitations/${one.id}`}
                  stale={['/invitations']}
                  onClose={close}
                  onDeleted={onClose}
                />
              )}
            </DialogButton>
          </Group>
        ) : null}
      </Stack>
    </SidePanel>
  );
}

function ResendDialog({ invitation: one, onClose }: { invitation: Invitation; onClose: () => void }) {
  const resend = useSend({
    schema: sentInvitation,
    method: 'POST',
    path: `/invitations/${one.id}/resend`,
    stale: ['/invitations'],
  });
  return (
    <FormDialog title={`New link for ${one.login}?`} onClose={onClose}>
      {resend.data ? (
        <SentLink sent={resend.data} onDone={onClose} />
      ) : (
        <Stack gap="sm">
          <div>The link that {one.name} has stops working at once. The new one works as long as the first did.</div>
          {resend.error ? <ErrorState error={resend.error} /> : null}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Keep the old one
            </Button>
            <Button loading={resend.isPending} onClick={() => resend.mutate()}>
              Make a new link
            </Button>
          </Group>
        </Stack>
      )}
    </FormDialog>
  );
}
