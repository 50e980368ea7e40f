import type { ModalProps } from '@mantine/core';
import { lazy, Suspense, useEffect, useState } from 'react';

// Focus trap, scroll lock and scroll area are a tenth of the script of a page, and no page opens with a dialog.
const DialogBox = lazy(() => import('./dialog-box.tsx').then((module) => ({ default: module.DialogBox })));

/**
 * A dialog that is open while it is there; its box is loaded when the first one opens. What had the focus before gets it back when it goes, unless
 * something else took it.
 */
export function Dialog(props: Omit<ModalProps, 'opened'>) {
  useFocusReturn();
  return (
    <Suspense fallback={null}>
      <DialogBox {...props} />
    </Suspense>
  );
}

/** Mantine's own way begins with a dialog that opens, and these are open from the start. */
function useFocusReturn(): void {
  const [before] = useState(() => document.activeElement);
  useEffect(
    () => () => {
      const isFree = document.activeElement === null || document.activeElement === document.body;
      if (isFree && before instanceof HTMLElement && before.isConnected) before.focus();
    },
    [before],
  );
}
