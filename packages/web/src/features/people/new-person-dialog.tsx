import { Modal } from '@mantine/core';
import { InviteForm } from './invite-form.tsx';
import { NewAccountForm } from './new-account-form.tsx';

/** Somebody new: by a link with which they make their account, or by an account with a one-time password. */
export function NewPersonDialog({ how, onClose }: { how: 'invitation' | 'account'; onClose: () => void }) {
  const invites = how === 'invitation';
  return (
    <Modal opened onClose={onClose} title={invites ? 'Invite somebody' : 'New account'} closeOnClickOutside={false}>
      {invites ? <InviteForm onDone={onClose} /> : <NewAccountForm onDone={onClose} />}
    </Modal>
  );
}
