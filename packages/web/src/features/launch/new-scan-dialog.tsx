import { useNavigate } from '@tanstack/react-router';
import { FormDialog } from '../../shared/components/form-dialog.tsx';
import type { ScanPrefill } from '../../shared/launch/new-scan-context.ts';
import { ScanForm } from '../../shared/launch/scan-form.tsx';
import { paths } from '../../shared/paths.ts';

/** New scan: one dialog from anywhere; Launch leads to the live page. */
export function NewScanDialog({ prefill, onClose }: { prefill: ScanPrefill; onClose: () => void }) {
  const navigate = useNavigate();
  return (
    <FormDialog title="New scan" size={920} onClose={onClose}>
      <ScanForm
        prefill={prefill}
        onLaunched={(id) => {
          onClose();
          void navigate({ to: paths.scan(id) });
        }}
        onScheduled={(id) => {
          onClose();
          void navigate({ to: paths.schedules, search: { open: String(id) } });
        }}
      />
    </FormDialog>
  );
}
