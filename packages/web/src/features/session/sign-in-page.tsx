import { Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import { z } from 'zod';
import { ApiError, fieldError } from '../../shared/api/api-error.ts';
import { useSend } from '../../shared/api/use-send.ts';
import { Entrance } from '../../shared/account/entrance.tsx';
import { ErrorState } from '../../shared/components/error-state.tsx';
import { PasskeyButton } from './passkey-button.tsx';

interface Given {
  readonly login: string;
  readonly password: string;
  readonly code?: string;
}

/** Name and password, then the code of those who have an authenticator app. A one-time password leads on to choosing one's own. */
export function SignInPage({ version }: { version: string }) {
  const [login, setLogin] = useState('');
  const [password, setPassword] = useState('');
  const [wantsCode, setWantsCode] = useState(false);
  useEffect(() => {
    document.title = 'Sign in · Picket';
  }, []);
  const signIn = useSend({
    schema: z.unknown(),
    method: 'POST',
    path: '/session',
    body: (values: Given) => values,
    stale: ['/'],
  });
  function send(code?: string): void {
    const given = { login: login.trim(), password };
    signIn.mutate(code === undefined ? given : { ...given, code }, {
      onError: (error) => {
        if (codeOf(error) === 'session.code-needed') setWantsCode(true);
        // Another password was right a moment ago: begin again.
        else if (codeOf(error) === 'session.sign-in-failed') setWantsCode(false);
      },
    });
  }
  const shown = codeOf(signIn.error) === 'session.code-needed' ? null : signIn.error;
  return (
    <Entrance title="Sign in" footer={`Picket ${version}`}>
      {wantsCode ? (
        <CodeForm error={shown} busy={signIn.isPending} onCode={send} onBack={() => setWantsCode(false)} />
      ) : (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            send();
          }}
        >
          <Stack gap="sm">
            <TextInput
              label="Login"
              autoComplete="username"
              autoCapitalize="none"
              spellCheck={false}
              value={login}
              onChange={(event) => setLogin(event.currentTarget.value)}
              error={fieldError(signIn.error, 'login')}
              autoFocus
            />
            <PasswordInput
              label="Password"
              autoComplete="current-password"
              value={password}
              onChange={(event) => setPassword(event.currentTarget.value)}
              error={fieldError(signIn.error, 'password')}
            />
            {shown ? <ErrorState error={shown} /> : null}
            <Button
              type="submit"
              size="sm"
              loading={signIn.isPending}
              disabled={login.trim() === '' || password === ''}
            >
              Sign in
            </Button>
            <PasskeyButton />
          </Stack>
        </form>
      )}
    </Entrance>
  );
}

function codeOf(error: unknown): string | null {
  return error instanceof ApiError ? error.problem.code : null;
}

function CodeForm(props: { error: unknown; busy: boolean; onCode: (code: string) => void; onBack: () => void }) {
  const [code, setCode] = useState('');
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        props.onCode(code.trim());
      }}
    >
      <Stack gap="sm">
        <TextInput
          label="Code"
          description="Of your authenticator app, or one of your recovery codes"
          autoComplete="one-time-code"
          autoCapitalize="none"
          spellCheck={false}
          value={code}
          onChange={(event) => setCode(event.currentTarget.value)}
          error={fieldError(props.error, 'code')}
          autoFocus
        />
        {props.error ? <ErrorState error={props.error} /> : null}
        <Button type="submit" size="sm" loading={props.busy} disabled={code.trim().length < 6}>
          Sign in
        </Button>
        <Button variant="default" onClick={props.onBack}>
          Back
        </Button>
      </Stack>
    </form>
  );
}
