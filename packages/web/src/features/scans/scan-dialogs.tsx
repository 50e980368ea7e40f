import { useNavigate } from '@tanstack/react-router';
import { ConfirmByName } from '../../shared/components/confirm-by-name.tsx';
import { ConfirmDelete } from '../../shared/components/confirm-delete.tsx';
import { paths } from '../../shared/paths.ts';

/** Asks before a scan is cancelled. */
export function CancelDialog({ id, onClose, onConfirm }: { id: number; onClose: () => void; onConfirm: () => void }) {
  return (
    <ConfirmByName
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

/** Asks before a scan is deleted. */
export function DeleteDialog({ id, onClose }: { id: number; onClose: () => void }) {
  const navigate = useNavigate();
  return (
    <ConfirmDelete
      what="scan"
      consequence="The scan, its ledger and its notes are gone for good. Assets and detections stay."
      name={`scan ${id}`}
      path={`/scans/${id}`}
      stale={['/scans', '/overview']}
      onClose={onClose}
      onDeleted={() => void navigate({ to: paths.scans })}
    />
  );
}
