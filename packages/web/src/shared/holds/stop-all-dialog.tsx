import { stopAllResult, type StopAllResult } from '@picket/contracts/api/hold';
import { Radio, Stack, Textarea } from '@mantine/core';
import { useState } from 'react';
import { fieldError } from '../api/api-error.ts';
import { useSend } from '../api/use-send.ts';
import { ConfirmByName } from '../components/confirm-by-name.tsx';
import { say } from '../components/undo-toast.tsx';
import { plural } from '../format/number.ts';
import { holdStale } from './use-hold.ts';

/** Asks why and how, has the words typed, and stops everything. */
export function StopAllDialog({ onClose }: { onClose: () => void }) {
  const [action, setAction] = useState<'pause' | 'cancel'>('pause');
  const [reason, setReason] = useState('');
  const send = useSend({
    schema: stopAllResult,
    method: 'POST',
    path: '/stop-all',
    body: () => ({ action, reason }),
    stale: holdStale,
  });
  return (
    <ConfirmByName
      title="Stop all scanning?"
      consequence="Every appliance falls silent within seconds, and nothing starts, not even by schedule, until somebody lifts the hold. What was found stays."
      name="stop all"
      verb="Stop all"
      keep="Go on scanning"
      ready={reason.trim() !== ''}
      busy={send.isPending}
      error={send.error}
      onClose={onClose}
      onConfirm={() =>
        send.mutate(undefined, {
          onSuccess: (result) => {
            say(stoppedWords(result));
            onClose();
          },
        })
      }
    >
      <Stack gap="sm">
        <Radio.Group
          label="What runs or waits now"
          value={action}
          onChange={(next) => setAction(next === 'cancel' ? 'cancel' : 'pause')}
        >
          <Stack gap={4} mt={4}>
            <Radio value="pause" label="pauses: it goes on once the hold is lifted" />
            <Radio value="cancel" label="is cancelled: it does not resume" />
          </Stack>
        </Radio.Group>
        <Textarea
          label="Reason"
          description="Everybody sees it in the banner; it goes into the audit log"
          maxLength={500}
          autosize
          minRows={2}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          error={fieldError(send.error, 'reason')}
          required
          data-autofocus
        />
      </Stack>
    </ConfirmByName>
  );
}

/** What was stopped, and by when those that poll now and then have heard of it. */
function stoppedWords({ stopped, appliances }: StopAllResult): string {
  const late = appliances.filter((one) => one.connection !== 'long-poll');
  const slowest = Math.max(0, ...late.map((one) => one.withinSeconds));
  const words = `${plural(stopped.length, 'job')} told to stop, on ${plural(appliances.length, 'appliance')}.`;
  return late.length === 0 ? words : `${words} ${late.map((one) => one.name).join(', ')}: within ${slowest} s.`;
}
