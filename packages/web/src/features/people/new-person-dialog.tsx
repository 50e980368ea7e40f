import { FormDialog } from '../../shared/components/form-dialog.tsx';
import { InviteForm } from './invite-form.tsx';
import { NewAccountForm } from './new-account-form.tsx';

/** Somebody new: by a link with which they make their account, or by an account with a one-time password. */
export function NewPersonDialog({ how, onClose }: { how: 'invitation' | 'account'; onClose: () => void }) {
  const invites = how === 'invitation';
  return (
    <FormDialog title={invites ? 'Invite somebody' : 'New account'} onClose={onClose}>
      {invites ? <InviteForm onDone={onClose} /> : <NewAccountForm onDone={onClose} />}
    </FormDialog>
  );
}
