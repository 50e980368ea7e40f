import { notificationChoice } from '@picket/contracts/api/notification';
import { Alert, Button, Group, Stack } from '@mantine/core';
import { useState } from 'react';
import type { z } from 'zod';
import { useItem } from '../../shared/api/use-item.ts';
import { useSend } from '../../shared/api/use-send.ts';
import { ErrorState } from '../../shared/components/error-state.tsx';
import { Loaded, Section } from '../../shared/components/page.tsx';
import { say } from '../../shared/components/undo-toast.tsx';
import { KindChoice } from './kind-choice.tsx';

/** What the signed-in person gets by mail. */
export function OwnChoice() {
  const query = useItem(notificationChoice, '/notification-choice');
  return (
    <Section title="Mail to you">
      <Loaded query={query}>{(data) => <Form key={data.kinds.join()} data={data} />}</Loaded>
    </Section>
  );
}

function Form({ data }: { data: z.output<typeof notificationChoice> }) {
  const [kinds, setKinds] = useState(data.kinds);
  const save = useSend({
    schema: notificationChoice,
    method: 'PUT',
    path: '/notification-choice',
    body: () => ({ kinds }),
    stale: ['/notification-choice'],
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate(undefined, { onSuccess: () => say('Saved what you get by mail.') });
      }}
    >
      <Stack gap="sm">
        {data.address === null ? (
          <Alert variant="default" title="You get no mail yet">
            Your account has no mail address. A Manager enters it under People.
          </Alert>
        ) : null}
        {data.address !== null && !data.mailWorks ? (
          <Alert variant="default" title="No mail is sent yet">
            A Manager sets up the mail server on this page.
          </Alert>
        ) : null}
        <KindChoice
          label={data.address === null ? 'What you want to hear of' : `To ${data.address}`}
          value={kinds}
          onChange={setKinds}
        />
        {save.error ? <ErrorState error={save.error} /> : null}
        <Group justify="flex-end">
          <Button type="submit" loading={save.isPending}>
            Save choice
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
