import { createdWebhook, type NotificationKind, type Webhook, webhook } from '@picket/contracts/api/notification';
import { Button, Group, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { fieldError } from '../../shared/api/api-error.ts';
import { useSend } from '../../shared/api/use-send.ts';
import { CodeBox } from '../../shared/appliances/code-box.tsx';
import { SendForm } from '../../shared/components/send-form.tsx';
import { KindChoice } from './kind-choice.tsx';

const stale = ['/webhooks'];

interface Values {
  readonly name: string;
  readonly url: string;
  readonly caPem: string;
  readonly kinds: NotificationKind[];
}

const fresh: Values = {
  name: '',
  url: 'https://',
  caPem: '',
  kinds: ['appliance.offline', 'appliance.back', 'appliance.suspect'],
};

function bodyOf(values: Values) {
  return { ...values, caPem: values.caPem || null };
}

/** A new webhook; its secret is shown once, after it was made. */
export function NewWebhook({ onDone }: { onDone: () => void }) {
  const [values, setValues] = useState(fresh);
  const add = useSend({
    schema: createdWebhook,
    method: 'POST',
    path: '/webhooks',
    body: () => bodyOf(values),
    stale,
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
    <SendForm send={add} verb="Add webhook" ready={values.name.trim() !== ''} onSubmit={() => add.mutate()}>
      <Fields values={values} onChange={setValues} error={add.error} />
    </SendForm>
  );
}

/** Changes a webhook; its secret stays. */
export function EditWebhook({ hook, onDone }: { hook: Webhook; onDone: () => void }) {
  const { name, url, kinds } = hook;
  const [values, setValues] = useState<Values>({ name, url, kinds, caPem: hook.caPem ?? '' });
  const save = useSend({
    schema: webhook,
    method: 'PATCH',
    path: `/webhooks/${hook.id}`,
    body: () => bodyOf(values),
    stale,
  });
  return (
    <SendForm
      send={save}
      verb="Save webhook"
      ready={values.name.trim() !== ''}
      onSubmit={() => save.mutate(undefined, { onSuccess: onDone })}
    >
      <Text size="sm">What it signs with stays: the receiver keeps its secret.</Text>
      <Fields values={values} onChange={setValues} error={save.error} />
    </SendForm>
  );
}

function Fields(props: { values: Values; onChange: (values: Values) => void; error: unknown }) {
  const { values, error } = props;
  const set = (part: Partial<Values>) => props.onChange({ ...values, ...part });
  return (
    <>
      <TextInput
        label="Name"
        maxLength={64}
        value={values.name}
        onChange={(event) => set({ name: event.currentTarget.value })}
        error={fieldError(error, 'name')}
        data-autofocus
      />
      <TextInput
        label="URL"
        value={values.url}
        onChange={(event) => set({ url: event.currentTarget.value })}
        error={fieldError(error, 'url')}
      />
      <KindChoice label="Tells of" value={values.kinds} onChange={(kinds) => set({ kinds })} />
      <Textarea
        label="Certificate of an own authority (PEM)"
        description="Leave it empty for a receiver with a public certificate"
        autosize
        maxRows={6}
        value={values.caPem}
        onChange={(event) => set({ caPem: event.currentTarget.value })}
        error={fieldError(error, 'caPem')}
      />
    </>
  );
}
