import { ActivateForm } from '../../shared/appliances/activate-form.tsx';
import { ProvisionForm } from '../../shared/appliances/provision-form.tsx';
import { FormDialog } from '../../shared/components/form-dialog.tsx';
import { say } from '../../shared/components/undo-toast.tsx';

/** New > Scanner appliance. */
export function ActivateDialog({ onClose }: { onClose: () => void }) {
  return (
    <FormDialog title="New scanner appliance" onClose={onClose}>
      <ActivateForm
        onDone={(name) => {
          say(`${name} is activated. It logs in by itself within minutes.`);
          onClose();
        }}
      />
    </FormDialog>
  );
}

/** New > Virtual scanner. */
export function ProvisionDialog({ onClose }: { onClose: () => void }) {
  return (
    <FormDialog title="New virtual scanner" size="lg" onClose={onClose}>
      <ProvisionForm onDone={onClose} />
    </FormDialog>
  );
}
