import { createdWebhook, type NotificationKind } from '@picket/contracts/api/notification';
import { Button, Group, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { fieldError } from '../../shared/api/api-error.ts';
import { useSend } from '../../shared/api/use-send.ts';
import { CodeBox } from '../../shared/appliances/code-box.tsx';
import { ErrorState } from '../../shared/components/error-state.tsx';
import { KindChoice } from './kind-choice.tsx';

/** A new webhook; its secret is shown once, after it was made. */
export function NewWebhook({ onDone }: { onDone: () => void }) {
  const [name, setName] = useState('');
  const [url, setUrl] = useState('https://');
  const [caPem, setCaPem] = useState('');
  const [kinds, setKinds] = useState<NotificationKind[]>(['appliance.offline', 'appliance.back', 'appliance.suspect']);
  const add = useSend({
    schema: createdWebhook,
    method: 'POST',
    path: '/webhooks',
    body: () => ({ name, url, kinds, caPem: caPem || null }),
    stale: ['/webhooks'],
  });
  if (add.data) {
    return (
      <Stack gap="sm">
        <Text size="sm">
          The receiver checks the signature of each message with this secret. It is shown now and never again.
        </Text>
        <CodeBox label="Secret" code={add.data.secret} />
        <Group justify="flex-end">
          <Button onClick={onDone}>I have stored it</Button>
        </Group>
      </Stack>
    );
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        add.mutate();
      }}
    >
      <Stack gap="sm">
        <TextInput
          label="Name"
          maxLength={64}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          error={fieldError(add.error, 'name')}
          data-autofocus
        />
        <TextInput
          label="URL"
          value={url}
          onChange={(event) => setUrl(event.currentTarget.value)}
          error={fieldError(add.error, 'url')}
        />
        <KindChoice label="Tells of" value={kinds} onChange={setKinds} />
        <Textarea
          label="Certificate of an own authority (PEM)"
          description="Leave it empty for a receiver with a public certificate"
          autosize
          maxRows={6}
          value={caPem}
          onChange={(event) => setCaPem(event.currentTarget.value)}
          error={fieldError(add.error, 'caPem')}
        />
        {add.error ? <ErrorState error={add.error} /> : null}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onDone}>
            Add none
          </Button>
          <Button type="submit" loading={add.isPending} disabled={name.trim() === ''}>
            Add webhook
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
