import { scanSummary } from '@picket/contracts/api/scan';
import type { ScanRequest } from '@picket/contracts/api/scan';
import { Button, Group } from '@mantine/core';
import { useCallback, useState } from 'react';
import { z } from 'zod';
import { useSend } from '../api/use-send.ts';
import { type Draft, newDraft, requestOf } from './draft.ts';
import classes from './launch.module.css';
import { localFaults } from './local-faults.ts';
import type { ScanPrefill } from './new-scan-context.ts';
import { PlanPanel } from './plan-panel.tsx';
import { ScanFields } from './scan-fields.tsx';
import { usePlanPreview } from './use-plan-preview.ts';

/** Targets and profile on one side, the plan on the other, one button. Launches only the plan that is shown. */
export function ScanForm({ prefill, onLaunched }: { prefill?: ScanPrefill; onLaunched: (id: number) => void }) {
  const [draft, setDraft] = useState<Draft>(() => newDraft(prefill));
  const change = useCallback((part: Partial<Draft>) => setDraft((before) => ({ ...before, ...part })), []);
  const request = requestOf(draft);
  const faults = localFaults(draft);
  const preview = usePlanPreview(faults.length === 0 ? request : null);
  const launch = useSend({
    schema: z.object({ id: scanSummary.shape.id }),
    method: 'POST',
    path: '/scans',
    body: (values: ScanRequest) => values,
    stale: ['/scans', '/overview'],
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (request && preview.current) launch.mutate(request, { onSuccess: (scan) => onLaunched(scan.id) });
      }}
    >
      <div className={classes.columns}>
        <ScanFields draft={draft} onChange={change} faults={faults} error={launch.error ?? preview.error} />
        <PlanPanel draft={draft} plan={preview.plan} error={launch.error ?? preview.error} asking={preview.asking} />
      </div>
      <Group justify="flex-end" mt="md">
        <Button type="submit" size="sm" disabled={!preview.current} loading={launch.isPending}>
          {draft.kind === 'map' ? 'Launch map' : 'Launch scan'}
        </Button>
      </Group>
    </form>
  );
}
