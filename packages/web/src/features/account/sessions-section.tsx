import { endedSessions, sessionEntries } from '@picket/contracts/api/sign-in';
import { Button } from '@mantine/core';
import { z } from 'zod';
import { SessionEntries } from '../../shared/account/session-entries.tsx';
import { useItem } from '../../shared/api/use-item.ts';
import { useSend } from '../../shared/api/use-send.ts';
import { ErrorState } from '../../shared/components/error-state.tsx';
import { Loaded, Section } from '../../shared/components/page.tsx';
import { say } from '../../shared/components/undo-toast.tsx';
import { plural } from '../../shared/format/number.ts';

/** Where oneself is signed in. */
export function SessionsSection() {
  const list = useItem(sessionEntries, '/sessions');
  const end = useSend({
    schema: z.unknown(),
    method: 'DELETE',
    path: (id: number) => `/sessions/${id}`,
    stale: ['/sessions'],
  });
  const endOthers = useSend({
    schema: endedSessions,
    method: 'POST',
    path: '/sessions/end-others',
    stale: ['/sessions'],
  });
  const others = list.data?.items.some((one) => !one.current) ?? false;
  return (
    <Section
      title="Sessions"
      actions={
        others ? (
          <Button
            variant="default"
            loading={endOthers.isPending}
            onClick={() =>
              endOthers.mutate(undefined, {
                onSuccess: ({ ended }) => say(`${plural(ended, 'session', 'sessions')} ended`),
              })
            }
          >
            End all others
          </Button>
        ) : undefined
      }
    >
      <Loaded query={list} height={60}>
        {(data) => <SessionEntries sessions={data.items} busy={end.isPending} onEnd={end.mutate} />}
      </Loaded>
      {(end.error ?? endOthers.error) ? <ErrorState error={end.error ?? endOthers.error} /> : null}
    </Section>
  );
}
