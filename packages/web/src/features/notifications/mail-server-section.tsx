import { mailServerState, trialResult } from '@picket/contracts/api/notification';
import { Button, Group, NativeSelect, PasswordInput, Stack, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { z } from 'zod';
import { fieldError } from '../../shared/api/api-error.ts';
import { useItem } from '../../shared/api/use-item.ts';
import { useSend } from '../../shared/api/use-send.ts';
import { ErrorState } from '../../shared/components/error-state.tsx';
import { Loaded, Section } from '../../shared/components/page.tsx';
import { say } from '../../shared/components/undo-toast.tsx';
import { Trial } from '../../shared/components/trial.tsx';

type State = z.output<typeof mailServerState>;
const stale = ['/mail-server', '/notification-choice'];

/** For Managers: the server that mails are handed to, and a trial of it. */
export function MailServerSection() {
  const query = useItem(mailServerState, '/mail-server');
  return (
    <Section title="Mail server">
      <Loaded query={query}>{(data) => <Form key={data.server?.changedAt ?? 'none'} data={data} />}</Loaded>
    </Section>
  );
}

const securities = [
  { value: 'starttls', label: 'STARTTLS, required (587 or 25)' },
  { value: 'tls', label: 'TLS from the first byte (465)' },
  { value: 'none', label: 'None: no login is sent' },
];

function Form({ data: { server } }: { data: State }) {
  const [values, setValues] = useState({
    host: server?.host ?? '',
    port: server?.port ?? 587,
    security: server?.security ?? ('starttls' as const),
    login: server?.login ?? '',
    password: '',
    from: server?.from ?? '',
    caPem: server?.caPem ?? '',
  });
  const set = (part: Partial<typeof values>) => setValues({ ...values, ...part });
  const save = useSend({
    schema: mailServerState,
    method: 'PUT',
    path: '/mail-server',
    body: () => ({
      ...values,
      login: values.login || null,
      caPem: values.caPem || null,
      password: values.password || undefined,
    }),
    stale,
  });
  const text = (field: 'host' | 'login' | 'from', label: string, description?: string) => (
    <TextInput
      label={label}
      description={description}
      value={values[field]}
      onChange={(event) => set({ [field]: event.currentTarget.value })}
      error={fieldError(save.error, field)}
      autoComplete="off"
    />
  );
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate(undefined, { onSuccess: () => say('Mail server saved. Send a trial to be sure.') });
      }}
    >
      <Stack gap="sm">
        {text('host', 'Host')}
        <TextInput
          label="Port"
          type="number"
          min={1}
          max={65_535}
          value={values.port}
          onChange={({ currentTarget }) => set({ port: Number(currentTarget.value) })}
          error={fieldError(save.error, 'port')}
        />
        <NativeSelect
          label="Security"
          data={securities}
          value={values.security}
          onChange={({ currentTarget: { value } }) =>
            set({ security: value === 'tls' || value === 'none' ? value : 'starttls' })
          }
          error={fieldError(save.error, 'security')}
        />
        {text('from', 'Sender’s address')}
        {text('login', 'Login', 'Leave it empty for a server that wants none')}
        <PasswordInput
          label="Password"
          description={server?.hasPassword ? 'Stored; leave it empty to keep it' : undefined}
          value={values.password}
          onChange={(event) => set({ password: event.currentTarget.value })}
          error={fieldError(save.error, 'password')}
          autoComplete="new-password"
        />
        <Textarea
          label="Certificate of an own authority (PEM)"
          description="Leave it empty for a server with a public certificate"
          autosize
          maxRows={6}
          value={values.caPem}
          onChange={(event) => set({ caPem: event.currentTarget.value })}
          error={fieldError(save.error, 'caPem')}
        />
        {save.error ? <ErrorState error={save.error} /> : null}
        <Group justify="flex-end">
          <Button type="submit" loading={save.isPending}>
            Save mail server
          </Button>
        </Group>
        {server ? <MailTrial /> : null}
      </Stack>
    </form>
  );
}

function MailTrial() {
  const [to, setTo] = useState('');
  const send = useSend({
    schema: trialResult,
    method: 'POST',
    path: '/mail-server/test',
    body: () => ({ to }),
    stale: [],
  });
  return (
    <Stack gap="xs">
      <Group align="flex-end" gap="xs">
        <TextInput
          style={{ flex: 1 }}
          label="Send a trial to"
          value={to}
          onChange={(event) => setTo(event.currentTarget.value)}
          error={fieldError(send.error, 'to')}
        />
        <Button variant="default" loading={send.isPending} disabled={to.trim() === ''} onClick={() => send.mutate()}>
          Send trial
        </Button>
      </Group>
      {send.data ? <Trial result={send.data} /> : null}
      {send.error ? <ErrorState error={send.error} /> : null}
    </Stack>
  );
}
