import { Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import { z } from 'zod';
import { fieldError } from '../../shared/api/api-error.ts';
import { useSend } from '../../shared/api/use-send.ts';
import { Entrance } from '../../shared/account/entrance.tsx';
import { ErrorState } from '../../shared/components/error-state.tsx';

/** Name and password. A one-time password leads on to choosing one's own. */
export function SignInPage({ version }: { version: string }) {
  const [login, setLogin] = useState('');
  const [password, setPassword] = useState('');
  useEffect(() => {
    document.title = 'Sign in · Picket';
  }, []);
  const signIn = useSend({
    schema: z.unknown(),
    method: 'POST',
    path: '/session',
    body: (values: { login: string; password: string }) => values,
    stale: ['/'],
  });
  return (
    <Entrance title="Sign in" footer={`Picket ${version}`}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          signIn.mutate({ login: login.trim(), password });
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
          {signIn.error ? <ErrorState error={signIn.error} /> : null}
          <Button type="submit" size="sm" loading={signIn.isPending} disabled={login.trim() === '' || password === ''}>
            Sign in
          </Button>
        </Stack>
      </form>
    </Entrance>
  );
}
