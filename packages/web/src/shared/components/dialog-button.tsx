import { Button } from '@mantine/core';
import { Suspense, useState } from 'react';

interface Props {
  readonly label: string;
  /** The dialog, perhaps loaded only when it is asked for. */
  readonly children: (onClose: () => void) => React.ReactNode;
}

/** A button with the dialog that it opens. */
export function DialogButton({ label, children }: Props) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button variant="default" onClick={() => setOpen(true)}>
        {label}
      </Button>
      {open ? <Suspense fallback={null}>{children(() => setOpen(false))}</Suspense> : null}
    </>
  );
}
