import type { TimeWindowItem } from '@picket/contracts/api/time-window';
import { lazy, Suspense } from 'react';
import { FocusFirst } from '../../shared/components/focus-first.tsx';
import { FormDialog } from '../../shared/components/form-dialog.tsx';
import { LateSkeleton } from '../../shared/components/page.tsx';

const WindowForm = lazy(() => import('./window-form.tsx').then((module) => ({ default: module.WindowForm })));

/** Makes a window, or changes the one before. */
export function WindowDialog({ before, onClose }: { before?: TimeWindowItem; onClose: () => void }) {
  return (
    <FormDialog title={before ? `Edit ${before.name}` : 'New window'} size={880} onClose={onClose}>
      <Suspense fallback={<LateSkeleton height={400} />}>
        <FocusFirst>
          <WindowForm {...(before ? { before } : {})} onDone={onClose} />
        </FocusFirst>
      </Suspense>
    </FormDialog>
  );
}
