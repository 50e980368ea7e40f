import type { ScanDetail } from '@picket/contracts/api/scan';
import { Button } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { z } from 'zod';
import { useSend } from '../../shared/api/use-send.ts';
import { useMay } from '../../shared/api/use-session.ts';
import { ConfirmByName } from '../../shared/components/confirm-by-name.tsx';
import { ErrorState } from '../../shared/components/error-state.tsx';
import { isActive } from '../../shared/components/scan-status.tsx';
import { offerUndo, say } from '../../shared/components/undo-toast.tsx';
import { useNewScan } from '../../shared/launch/new-scan-context.ts';
import { paths } from '../../shared/paths.ts';

/** Pause, resume, cancel; again and delete once it ended. Pausing can be undone, so it does not ask. */
export function ScanActions({ scan }: { scan: ScanDetail }) {
  const may = useMay();
  const newScan = useNewScan();
  const [asking, setAsking] = useState<'cancel' | 'delete' | null>(null);
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
        <Button variant="default" onClick={() => setAsking('cancel')}>
          Cancel
        </Button>
      ) : null}
      {isActive(scan.status) ? null : (
        <>
          <Button variant="default" onClick={() => newScan(scan.request)}>
            Scan again
          </Button>
          <Button variant="default" onClick={() => setAsking('delete')}>
            Delete
          </Button>
        </>
      )}
      {act.error ? <ErrorState error={act.error} /> : null}
      {asking === 'cancel' ? (
        <CancelDialog
          id={scan.id}
          onClose={() => setAsking(null)}
          onConfirm={() => act.mutate('cancel', { onSuccess: () => say('Scan is being cancelled') })}
        />
      ) : null}
      {asking === 'delete' ? <DeleteDialog id={scan.id} onClose={() => setAsking(null)} /> : null}
    </>
  );
}

function CancelDialog({ id, onClose, onConfirm }: { id: number; onClose: () => void; onConfirm: () => void }) {
  return (
    <ConfirmByName
      opened
      title="Cancel this scan?"
      consequence="What was found stays. What was not tested yet is marked as not evaluable, and a cancelled scan does not resume."
      name={`scan ${id}`}
      verb="Cancel scan"
      onClose={onClose}
      onConfirm={() => {
        onConfirm();
        onClose();
      }}
    />
  );
}

function DeleteDialog({ id, onClose }: { id: number; onClose: () => void }) {
  const navigate = useNavigate();
  const remove = useSend({
    schema: z.unknown(),
    method: 'DELETE',
    path: `/scans/${id}`,
    stale: ['/scans', '/overview'],
  });
  return (
    <ConfirmByName
      opened
      title="Delete this scan?"
      consequence="The scan, its ledger and its notes are gone for good. Assets and detections stay."
      name={`scan ${id}`}
      verb="Delete scan"
      busy={remove.isPending}
      error={remove.error}
      onClose={onClose}
      onConfirm={() => remove.mutate(undefined, { onSuccess: () => void navigate({ to: paths.scans }) })}
    />
  );
}
