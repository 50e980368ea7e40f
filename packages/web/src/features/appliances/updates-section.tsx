import type { Appliance } from '@picket/contracts/api/appliance';
import { type ApplianceKindState, applianceUpdates } from '@picket/contracts/api/release';
import { Alert, Button, Group, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { fieldError } from '../../shared/api/api-error.ts';
import { useItem } from '../../shared/api/use-item.ts';
import { useSend } from '../../shared/api/use-send.ts';
import { useMay } from '../../shared/api/use-session.ts';
import { Address } from '../../shared/components/address.tsx';
import { ErrorState } from '../../shared/components/error-state.tsx';
import { Fact, Facts } from '../../shared/components/facts.tsx';
import { Time } from '../../shared/components/time.tsx';
import { NotKnown } from '../../shared/components/unknown.tsx';
import { isMoving, updateWords } from './update-words.ts';

/** Versions, with "Update now" (spec section 8). */
export function UpdatesSection({ appliance: one }: { appliance: Appliance }) {
  const path = `/appliances/${one.id}/updates`;
  const updates = useItem(applianceUpdates, path, {
    refetchMs: (last) => (isMoving(last?.content ?? null) || isMoving(last?.software ?? null) ? 2000 : 15_000),
  });
  const may = useMay();
  const now = useSend({
    schema: applianceUpdates,
    method: 'POST',
    path: `/appliances/${one.id}/update-now`,
    stale: [path, '/appliances'],
  });
  const { data } = updates;
  if (!data) return updates.error ? <ErrorState error={updates.error} onRetry={() => void updates.refetch()} /> : null;
  return (
    <Stack gap="xs">
      {data.refuses ? (
        <Alert variant="default" title="No updates" p="xs">
          {data.refuses.message} {data.refuses.hint}
        </Alert>
      ) : null}
      <Facts>
        <Fact name="Software">
          <Kind state={data.software} version={one.softwareVersion} />
        </Fact>
        <Fact name="Content">
          <Kind state={data.content} version={one.contentVersion} />
        </Fact>
        <Fact name="Updates">
          daily at {data.schedule.at} UTC, next <Time at={data.schedule.next} />
          {data.askedAt ? (
            <>
              ; asked for <Time at={data.askedAt} />
            </>
          ) : null}
        </Fact>
      </Facts>
      {may.manageAppliances ? (
        <Group gap="xs" align="flex-end">
          <Button variant="default" loading={now.isPending} onClick={() => now.mutate()}>
            Update now
          </Button>
          <ScheduleForm key={data.schedule.at} id={one.id} at={data.schedule.chosen ? data.schedule.at : ''} />
        </Group>
      ) : null}
      {now.error ? <ErrorState error={now.error} /> : null}
    </Stack>
  );
}

function Kind({ state, version }: { state: ApplianceKindState | null; version: string | null }) {
  if (state === null) return <Address>{version ?? 'not known'}</Address>;
  return (
    <>
      <Address>{state.inUse}</Address>{' '}
      {state.wanted === null && !isMoving(state) ? <NotKnown>{updateWords(state)}</NotKnown> : updateWords(state)}
      {state.hint ? <div>{state.hint}</div> : null}
    </>
  );
}

function ScheduleForm({ id, at }: { id: number; at: string }) {
  const [typed, setTyped] = useState(at);
  const send = useSend({
    schema: applianceUpdates,
    method: 'PUT',
    path: `/appliances/${id}/update-schedule`,
    body: () => ({ at: typed.trim() === '' ? null : typed.trim() }),
    stale: [`/appliances/${id}/updates`],
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        send.mutate();
      }}
    >
      <Group gap="xs" align="flex-end">
        <TextInput
          label="Time of updates, UTC"
          placeholder="its own"
          value={typed}
          w={150}
          onChange={(event) => setTyped(event.currentTarget.value)}
          error={fieldError(send.error, 'at')}
        />
        <Button type="submit" variant="default" loading={send.isPending} disabled={typed.trim() === at}>
          Set
        </Button>
      </Group>
    </form>
  );
}
