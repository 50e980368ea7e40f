import { PasswordForm } from '../shared/account/password-form.tsx';
import { FormDialog } from '../shared/components/form-dialog.tsx';
import { say } from '../shared/components/undo-toast.tsx';

/** Changes the own password; anybody may. */
export function PasswordDialog({ onClose }: { onClose: () => void }) {
  return (
    <FormDialog title="Change my password" onClose={onClose}>
      <PasswordForm
        onDone={() => {
          say('Your password is changed');
          onClose();
        }}
      />
    </FormDialog>
  );
}
