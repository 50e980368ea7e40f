import { Dialog } from './dialog.tsx';

interface Props {
  readonly title: string;
  /** Width: a name of the theme, or pixels. */
  readonly size?: 'md' | 'lg' | number;
  readonly onClose: () => void;
  readonly children: React.ReactNode;
}

/** A dialog with a form. A click beside it does not close it: nothing that was typed is lost by a slip. */
export function FormDialog({ title, size = 'md', onClose, children }: Props) {
  return (
    <Dialog onClose={onClose} title={title} size={size} closeOnClickOutside={false}>
      {children}
    </Dialog>
  );
}
