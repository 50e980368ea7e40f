import type { ScanDetail } from '@picket/contracts/api/scan';
import { Button } from '@mantine/core';
import { lazy } from 'react';
import { z } from 'zod';
import { useSend } from '../../shared/api/use-send.ts';
import { useMay } from '../../shared/api/use-session.ts';
import { DialogButton } from '../../shared/components/dialog-button.tsx';
import { ErrorState } from '../../shared/components/error-state.tsx';
import { isActive } from '../../shared/components/scan-status.tsx';
import { offerUndo, say } from '../../shared/components/undo-toast.tsx';
import { useNewScan } from '../../shared/launch/new-scan-context.ts';

const CancelDialog = lazy(() => import('./scan-dialogs.tsx').then((module) => ({ default: module.CancelDialog })));
const DeleteDialog = lazy(() => import('./scan-dialogs.tsx').then((module) => ({ default: module.DeleteDialog })));

/** Pause, resume, cancel; again and delete once it ended. Pausing can be undone, so it does not ask. */
export function ScanActions({ scan }: { scan: ScanDetail }) {
  const may = useMay();
  const newScan = useNewScan();
  const act = useSend({
    schema: z.unknown(),
    method: 'POST',
    path: (verb: 'pause' | 'resume' | 'cancel') => `/scans/${scan.id}/${verb}`,
    stale: ['/scans', '/overview'],
  });
  if (!may.scan) return null;
  const pausable = scan.status === 'running' || scan.status === 'queued';
  return (
    <>
      {pausable ? (
        <Button
          variant="default"
          loading={act.isPending}
          onClick={() => act.mutate('pause', { onSuccess: () => offerUndo('Scan paused', () => act.mutate('resume')) })}
        >
          Pause
        </Button>
      ) : null}
      {scan.status === 'paused' || scan.status === 'pausing' ? (
        <Button variant="default" loading={act.isPending} onClick={() => act.mutate('resume')}>
          Resume
        </Button>
      ) : null}
      {isActive(scan.status) && scan.status !== 'canceling' ? (
        <DialogButton label="Cancel">
          {(close) => (
            <CancelDialog
              id={scan.id}
              onClose={close}
              onConfirm={() => act.mutate('cancel', { onSuccess: () => say('Scan is being cancelled') })}
            />
          )}
        </DialogButton>
      ) : null}
      {isActive(scan.status) ? null : (
        <>
          <Button variant="default" onClick={() => newScan(scan.request)}>
            Scan again
          </Button>
          <DialogButton label="Delete">{(close) => <DeleteDialog id={scan.id} onClose={close} />}</DialogButton>
        </>
      )}
      {act.error ? <ErrorState error={act.error} /> : null}
    </>
  );
}
