import type { Schedule } from '@picket/contracts/api/schedule';
import { lazy, Suspense } from 'react';
import { FocusFirst } from '../../shared/components/focus-first.tsx';
import { FormDialog } from '../../shared/components/form-dialog.tsx';
import { LateSkeleton } from '../../shared/components/page.tsx';

const ScanForm = lazy(() =>
  import('../../shared/launch/scan-form.tsx').then((module) => ({ default: module.ScanForm })),
);

/** Makes a schedule, or changes the one before. */
export function ScheduleDialog(props: { before?: Schedule; onClose: () => void; onScheduled: (id: number) => void }) {
  const { before, onClose, onScheduled } = props;
  return (
    <FormDialog title={before ? `Edit ${before.name}` : 'New schedule'} size={920} onClose={onClose}>
      <Suspense fallback={<LateSkeleton height={480} />}>
        <FocusFirst>
          <ScanForm {...(before ? { before } : {})} onScheduled={onScheduled} />
        </FocusFirst>
      </Suspense>
    </FormDialog>
  );
}
