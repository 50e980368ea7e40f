import { type Invitation, sentInvitation } from '@picket/contracts/api/invitation';
import { Button, Group, Modal, Stack } from '@mantine/core';
import { useState } from 'react';
import { z } from 'zod';
import { useSend } from '../../shared/api/use-send.ts';
import { useMay } from '../../shared/api/use-session.ts';
import { Address } from '../../shared/components/address.tsx';
import { ConfirmByName } from '../../shared/components/confirm-by-name.tsx';
import { ErrorState } from '../../shared/components/error-state.tsx';
import { Fact, Facts } from '../../shared/components/facts.tsx';
import { SidePanel } from '../../shared/components/side-panel.tsx';
import { Time } from '../../shared/components/time.tsx';
import { roleWords } from '../../shared/format/words.ts';
import { AccountSight } from './account-sight.tsx';
import { SentLink } from './invite-form.tsx';

/** One open invitation: to what, by whom, until when; a new link, or none any more. */
export function InvitationPanel({ invitation: one, onClose }: { invitation: Invitation; onClose: () => void }) {
  const may = useMay();
  const [asked, setAsked] = useState<'resend' | 'revoke' | null>(null);
  const revoke = useSend({
    schema: z.unknown(),
    method: 'DELETE',
    path: `/invitations/${one.id}`,
    stale: ['/invitations'],
  });
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
            <Button variant="default" onClick={() => setAsked('resend')}>
              New link
            </Button>
            <Button variant="default" onClick={() => setAsked('revoke')}>
              Revoke
            </Button>
          </Group>
        ) : null}
      </Stack>
      {asked === 'resend' ? <ResendDialog invitation={one} onClose={() => setAsked(null)} /> : null}
      {asked === 'revoke' ? (
        <ConfirmByName
          opened
          title="Revoke this invitation?"
          consequence={`The link that ${one.name} has works no longer. To invite them again, begin anew.`}
          name={one.login}
          verb="Revoke invitation"
          busy={revoke.isPending}
          error={revoke.error}
          onClose={() => setAsked(null)}
          onConfirm={() => revoke.mutate(undefined, { onSuccess: onClose })}
        />
      ) : null}
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
    <Modal opened onClose={onClose} title={`New link for ${one.login}?`} closeOnClickOutside={false}>
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
    </Modal>
  );
}
