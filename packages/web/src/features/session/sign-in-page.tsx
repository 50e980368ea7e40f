import { oidcOutcomeParameter, signInMethods } from '@picket/contracts/api/oidc';
import { Button, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import { z } from 'zod';
import { ApiError, fieldError } from '../../shared/api/api-error.ts';
import { useItem } from '../../shared/api/use-item.ts';
import { useSend } from '../../shared/api/use-send.ts';
import { Entrance } from '../../shared/account/entrance.tsx';
import { OidcButton } from '../../shared/account/oidc-button.tsx';
import { ErrorState } from '../../shared/components/error-state.tsx';
import { CodeForm } from './code-form.tsx';
import { OidcCode } from './oidc-code.tsx';
import { OidcTrouble, outcomeInAddress } from './oidc-outcome.tsx';
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
  const [outcome, setOutcome] = useState(() => outcomeInAddress(window.location.search));
  const methods = useItem(signInMethods, '/sign-in-methods');
  const provider = methods.data?.oidc;
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
      {outcome === 'code-needed' ? (
        <OidcCode onBack={() => setOutcome(null)} />
      ) : wantsCode ? (
        <CodeForm error={shown} busy={signIn.isPending} onCode={send} onBack={() => setWantsCode(false)} />
      ) : (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            send();
          }}
        >
          <Stack gap="sm">
            <OidcTrouble outcome={outcome} />
            {provider ? <OidcButton name={provider.name} returnTo={placeNow()} primary /> : null}
            {methods.data?.passwordForAll === false ? <Text size="sm">Passwords are for Managers alone.</Text> : null}
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
              variant={provider ? 'default' : 'filled'}
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

/** Where the person wanted to go, without what an earlier attempt left there. */
function placeNow(): string {
  const url = new URL(window.location.href);
  url.searchParams.delete(oidcOutcomeParameter);
  return url.pathname + url.search;
}

function codeOf(error: unknown): string | null {
  return error instanceof ApiError ? error.problem.code : null;
}
