import { type Exclusion, exclusion } from '@picket/contracts/api/exclusion';
import { Text, Textarea } from '@mantine/core';
import { useState } from 'react';
import { fieldError } from '../../shared/api/api-error.ts';
import { useSend } from '../../shared/api/use-send.ts';
import { SendForm } from '../../shared/components/send-form.tsx';
import { TargetsInput } from '../../shared/launch/targets-input.tsx';
import { readTargets } from '../../shared/plan/read-targets.ts';

/** Makes or changes an exclusion: addresses and the reason, and when it holds. */
export function ExclusionForm({ before, onDone }: { before?: Exclusion; onDone: () => void }) {
  const [targets, setTargets] = useState(before?.targets ?? '');
  const [reason, setReason] = useState(before?.reason ?? '');
  const send = useSend({
    schema: exclusion,
    method: before ? 'PUT' : 'POST',
    path: before ? `/exclusions/${before.id}` : '/exclusions',
    body: () => ({ targets, reason }),
    stale: ['/exclusions', '/scans', '/plans'],
  });
  const ready = targets.trim() !== '' && reason.trim() !== '' && readTargets(targets).errors.length === 0;
  return (
    <SendForm
      send={send}
      verb={before ? 'Save exclusion' : 'Exclude'}
      ready={ready}
      onSubmit={() => send.mutate(undefined, { onSuccess: onDone })}
    >
      <TargetsInput
        label="Never scan"
        description="Addresses, prefixes, ranges, names; in every network. Each plan resolves names anew"
        placeholder={'10.0.9.0/24\nplc-1.example.org'}
        value={targets}
        onChange={setTargets}
        error={fieldError(send.error, 'targets') ?? null}
        autoFocus
      />
      <Textarea
        label="Reason"
        description="For whoever wonders why these hosts have no results"
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        error={fieldError(send.error, 'reason')}
        autosize
        minRows={2}
        maxLength={500}
      />
      <Text size="sm">
        Takes effect at once: no appliance gets these addresses any more. Appliances that scan one of them now are
        stopped within seconds (without a standing connection: at their next call; unreachable: when their lease ends)
        and go on without it.
      </Text>
    </SendForm>
  );
}
