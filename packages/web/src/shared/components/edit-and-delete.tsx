import { Button } from '@mantine/core';
import { ConfirmDelete } from './confirm-delete.tsx';
import { DialogButton } from './dialog-button.tsx';
import { FormDialog } from './form-dialog.tsx';

interface Props {
  /** The kind of thing, in the singular: `tag`. */
  readonly what: string;
  readonly name: string;
  /** What will be gone with it, in one sentence. */
  readonly consequence: string;
  /** Where the thing is in the API, and paths whose answers depend on it. */
  readonly path: string;
  readonly stale: readonly string[];
  /** Width of the form's dialog. */
  readonly size?: 'md' | 'lg';
  readonly onDeleted: () => void;
  /** The form that changes it. */
  readonly children: (onDone: () => void) => React.ReactNode;
}

/** The buttons in the panel of one thing of a list: its form, and the question before it is deleted. */
export function EditAndDelete({ size = 'lg', onDeleted, children, ...thing }: Props) {
  return (
    <Button.Group mb="md">
      <DialogButton label="Edit">
        {(close) => (
          <FormDialog title={`Edit ${thing.name}`} size={size} onClose={close}>
            {children(close)}
          </FormDialog>
        )}
      </DialogButton>
      <DialogButton label="Delete">
        {(close) => <ConfirmDelete {...thing} onClose={close} onDeleted={onDeleted} />}
      </DialogButton>
    </Button.Group>
  );
}
