import type { Appliance } from '@picket/contracts/api/appliance';
import { Alert, Button } from '@mantine/core';
import { z } from 'zod';
import { useSend } from '../../shared/api/use-send.ts';
import { ErrorState } from '../../shared/components/error-state.tsx';

/** A key that two machines used: a person decides. */
export function ClearSuspicion({ appliance: one }: { appliance: Appliance }) {
  const send = useSend({
    schema: z.unknown(),
    method: 'POST',
    path: `/appliances/${one.id}/clear-suspicion`,
    stale: ['/appliances', '/overview'],
  });
  return (
    <Alert variant="default" title="Two machines used this key" p="xs">
      A copied virtual machine looks like this. It scans nothing until you decide: remove the copy and clear the
      suspicion, or revoke the appliance.
      <Button variant="default" mt="xs" loading={send.isPending} onClick={() => send.mutate()}>
        Clear suspicion
      </Button>
      {send.error ? <ErrorState error={send.error} /> : null}
    </Alert>
  );
}
