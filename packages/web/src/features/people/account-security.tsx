import { accountIdentity } from '@picket/contracts/api/oidc';
import { apiTokens, endedSessions, factors, sessionEntries, signInLock } from '@picket/contracts/api/sign-in';
import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { z } from 'zod';
import { SessionEntries } from '../../shared/account/session-entries.tsx';
import { TokenEntries } from '../../shared/account/token-entries.tsx';
import { useItem } from '../../shared/api/use-item.ts';
import { useSend } from '../../shared/api/use-send.ts';
import { ErrorState } from '../../shared/components/error-state.tsx';
import { Loaded } from '../../shared/components/page.tsx';
import { Time } from '../../shared/components/time.tsx';
import { plural } from '../../shared/format/number.ts';
import { say } from '../../shared/components/undo-toast.tsx';

/** How somebody signs in, for a Manager: lock-out, second factor, sessions, API tokens. */
export function AccountSecurity({ accountId }: { accountId: number }) {
  return (
    <Stack gap="md">
      <Lock path={`/accounts/${accountId}`} />
      <SecondFactor path={`/accounts/${accountId}`} />
      <Identity path={`/accounts/${accountId}/identity`} />
      <Sessions path={`/accounts/${accountId}`} />
      <Tokens path={`/accounts/${accountId}`} />
    </Stack>
  );
}

function Lock({ path }: { path: string }) {
  const lock = useItem(signInLock, `${path}/lock`);
  const unlock = useSend({ schema: signInLock, method: 'DELETE', path: `${path}/lock`, stale: [`${path}/lock`] });
  if (lock.data === undefined || (lock.data.failures === 0 && lock.data.lockedUntil === null)) return null;
  return (
    <Stack gap={4}>
      <Title order={3}>Failed sign-ins</Title>
      <Text size="sm">
        {lock.data.failures} in the last day.{' '}
        {lock.data.lockedUntil === null ? null : (
          <>
            Has to wait until <Time at={lock.data.lockedUntil} />.
          </>
        )}
      </Text>
      <Group>
        <Button variant="default" loading={unlock.isPending} onClick={() => unlock.mutate()}>
          Let sign in at once
        </Button>
      </Group>
      {unlock.error ? <ErrorState error={unlock.error} /> : null}
    </Stack>
  );
}

function Identity({ path }: { path: string }) {
  const identity = useItem(accountIdentity, path);
  const part = useSend({ schema: z.unknown(), method: 'DELETE', path, stale: [path.replace('/identity', '')] });
  if (identity.data === undefined || identity.data.linkedAt === null) return null;
  return (
    <Stack gap={4}>
      <Title order={3}>Identity provider</Title>
      <Text size="sm">
        Bound to somebody at {identity.data.issuer} since <Time at={identity.data.linkedAt} />.
      </Text>
      <Group>
        <Button
          variant="default"
          loading={part.isPending}
          onClick={() => part.mutate(undefined, { onSuccess: () => say('The account is not bound any more') })}
        >
          Part from it
        </Button>
      </Group>
      {part.error ? <ErrorState error={part.error} /> : null}
    </Stack>
  );
}

function SecondFactor({ path }: { path: string }) {
  const state = useItem(factors, `${path}/factors`);
  const reset = useSend({ schema: z.unknown(), method: 'DELETE', path: `${path}/factors`, stale: [path] });
  return (
    <Stack gap={4}>
      <Title order={3}>Second factor</Title>
      <Loaded query={state} height={40}>
        {(data) =>
          data.totpSince === null && data.passkeys === 0 ? (
            <Text size="sm">None: the password alone signs in.</Text>
          ) : (
            <>
              {data.totpSince === null ? null : (
                <Text size="sm">
                  An authenticator app since <Time at={data.totpSince} />; {data.recoveryCodesLeft} recovery codes left.
                </Text>
              )}
              {data.passkeys === 0 ? null : <Text size="sm">{plural(data.passkeys, 'passkey', 'passkeys')}.</Text>}
              <Group>
                <Button
                  variant="default"
                  loading={reset.isPending}
                  onClick={() =>
                    reset.mutate(undefined, { onSuccess: () => say('Removed, and signed out everywhere') })
                  }
                >
                  Remove them: the device is lost
                </Button>
              </Group>
            </>
          )
        }
      </Loaded>
      {reset.error ? <ErrorState error={reset.error} /> : null}
    </Stack>
  );
}

function Sessions({ path }: { path: string }) {
  const list = useItem(sessionEntries, `${path}/sessions`);
  const stale = [`${path}/sessions`];
  const end = useSend({
    schema: z.unknown(),
    method: 'DELETE',
    path: (id: number) => `${path}/sessions/${id}`,
    stale,
  });
  const endAll = useSend({ schema: endedSessions, method: 'DELETE', path: `${path}/sessions`, stale });
  return (
    <Stack gap={4}>
      <Title order={3}>Sessions</Title>
      <Loaded query={list} height={40}>
        {(data) =>
          data.items.length === 0 ? (
            <Text size="sm">Signed in nowhere.</Text>
          ) : (
            <>
              <SessionEntries sessions={data.items} busy={end.isPending} onEnd={end.mutate} />
              <Group>
                <Button variant="default" loading={endAll.isPending} onClick={() => endAll.mutate()}>
                  End all
                </Button>
              </Group>
            </>
          )
        }
      </Loaded>
      {(end.error ?? endAll.error) ? <ErrorState error={end.error ?? endAll.error} /> : null}
    </Stack>
  );
}

function Tokens({ path }: { path: string }) {
  const list = useItem(apiTokens, `${path}/tokens`);
  const revoke = useSend({
    schema: z.unknown(),
    method: 'DELETE',
    path: (id: number) => `${path}/tokens/${id}`,
    stale: [`${path}/tokens`],
  });
  return (
    <Stack gap={4}>
      <Title order={3}>API tokens</Title>
      <Loaded query={list} height={40}>
        {(data) =>
          data.items.length === 0 ? (
            <Text size="sm">None.</Text>
          ) : (
            <TokenEntries tokens={data.items} busy={revoke.isPending} onRevoke={(one) => revoke.mutate(one.id)} />
          )
        }
      </Loaded>
      {revoke.error ? <ErrorState error={revoke.error} /> : null}
    </Stack>
  );
}
