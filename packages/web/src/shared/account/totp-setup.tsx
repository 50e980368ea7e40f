import { newTotp, recoveryCodes } from '@picket/contracts/api/sign-in';
import { Button, Group, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { fieldError } from '../api/api-error.ts';
import { useSession } from '../api/use-session.ts';
import { useSend } from '../api/use-send.ts';
import { CodeBox } from '../appliances/code-box.tsx';
import { ErrorState } from '../components/error-state.tsx';
import { QrCode } from './qr-code.tsx';
import { RecoveryCodes } from './recovery-codes.tsx';

/** Sets up an authenticator app: password, QR code, a first code, recovery codes. */
export function TotpSetup({ onDone }: { onDone: () => void }) {
  const begin = useSend({
    schema: newTotp,
    method: 'POST',
    path: '/session/totp',
    body: (password: string) => ({ password }),
    stale: [],
  });
  const confirm = useSend({
    schema: recoveryCodes,
    method: 'POST',
    path: '/session/totp/confirm',
    body: (code: string) => ({ code }),
    // What follows from it is read once the recovery codes were seen.
    stale: [],
  });
  if (confirm.data) return <RecoveryCodes codes={confirm.data.codes} onDone={onDone} />;
  if (begin.data) {
    const { secret, uri } = begin.data;
    const pass = { error: confirm.error, busy: confirm.isPending, onCode: confirm.mutate };
    return <FirstCode secret={secret} uri={uri} {...pass} />;
  }
  return <AskPassword error={begin.error} busy={begin.isPending} onPassword={begin.mutate} />;
}

function AskPassword(props: { error: unknown; busy: boolean; onPassword: (password: string) => void }) {
  const [password, setPassword] = useState('');
  const hasPassword = useSession().data?.user?.hasPassword ?? true;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        props.onPassword(password);
      }}
    >
      <Stack gap="sm">
        <div>
          Besides what signs you in now you will need a code that an authenticator app on your phone shows. Any app for
          one-time passwords (TOTP) works.
        </div>
        {hasPassword ? (
          <PasswordInput
            label="Your password"
            autoComplete="current-password"
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
            error={fieldError(props.error, 'password')}
            data-autofocus
          />
        ) : null}
        {props.error ? <ErrorState error={props.error} /> : null}
        <Group justify="flex-end">
          <Button type="submit" disabled={hasPassword && password === ''} loading={props.busy}>
            Go on
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function FirstCode(props: {
  secret: string;
  uri: string;
  error: unknown;
  busy: boolean;
  onCode: (code: string) => void;
}) {
  const [code, setCode] = useState('');
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        props.onCode(code);
      }}
    >
      <Stack gap="sm">
        <div>Scan this with the app, or type the secret. Then type the code that the app shows.</div>
        <QrCode text={props.uri} label="QR code for the authenticator app" />
        <CodeBox label="Secret" code={props.secret} />
        <TextInput
          label="Code"
          description="Six digits; a new one every 30 seconds"
          inputMode="numeric"
          autoComplete="one-time-code"
          value={code}
          onChange={(event) => setCode(event.currentTarget.value)}
          error={fieldError(props.error, 'code')}
        />
        {props.error ? <ErrorState error={props.error} /> : null}
        <Group justify="flex-end">
          <Button type="submit" disabled={code.replaceAll(/\s/g, '').length !== 6} loading={props.busy}>
            Turn on
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
