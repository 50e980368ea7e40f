import { Modal } from '@mantine/core';
import { PasswordForm } from '../shared/account/password-form.tsx';
import { say } from '../shared/components/undo-toast.tsx';

/** Changes the own password; anybody may. */
export function PasswordDialog({ onClose }: { onClose: () => void }) {
  return (
    <Modal opened onClose={onClose} title="Change my password">
      <PasswordForm
        onDone={() => {
          say('Your password is changed');
          onClose();
        }}
      />
    </Modal>
  );
}
