import { Modal } from '@mantine/core';
import { ActivateForm } from '../../shared/appliances/activate-form.tsx';
import { ProvisionForm } from '../../shared/appliances/provision-form.tsx';
import { say } from '../../shared/components/undo-toast.tsx';

/** New > Scanner appliance. */
export function ActivateDialog({ onClose }: { onClose: () => void }) {
  return (
    <Modal opened onClose={onClose} title="New scanner appliance">
      <ActivateForm
        onDone={(name) => {
          say(`${name} is activated. It logs in by itself within minutes.`);
          onClose();
        }}
      />
    </Modal>
  );
}

/** New > Virtual scanner. */
export function ProvisionDialog({ onClose }: { onClose: () => void }) {
  return (
    <Modal opened onClose={onClose} title="New virtual scanner" size="lg" closeOnClickOutside={false}>
      <ProvisionForm onDone={onClose} />
    </Modal>
  );
}
