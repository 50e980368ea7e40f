import { type OpenedInvitation, openedInvitation } from '@picket/contracts/api/invitation';
import { signInMethods } from '@picket/contracts/api/oidc';
import { signedIn } from '@picket/contracts/api/sign-in';
import { Button, PasswordInput, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { Entrance } from '../../shared/account/entrance.tsx';
import { OidcButton } from '../../shared/account/oidc-button.tsx';
import { useApi } from '../../shared/api/api-context.tsx';
import { fieldError } from '../../shared/api/api-error.ts';
import { useItem } from '../../shared/api/use-item.ts';
import { useSend } from '../../shared/api/use-send.ts';
import { useSession } from '../../shared/api/use-session.ts';
import { AppLink } from '../../shared/components/app-link.tsx';
import { ErrorState } from '../../shared/components/error-state.tsx';
import { Fact, Facts } from '../../shared/components/facts.tsx';
import { Loaded } from '../../shared/components/page.tsx';
import { ExactTime } from '../../shared/components/time.tsx';
import { roleWords } from '../../shared/format/words.ts';
import { paths } from '../../shared/paths.ts';

/** Shortest password, characters (as in the contract). */
const minLength = 12;

/** Where the link of an invitation leads. Its token is after the `#`: browsers send that to nobody. */
export function InvitePage({ version }: { version: string }) {
  const [token] = useState(() => window.location.hash.slice(1));
  const api = useApi();
  useEffect(() => {
    document.title = 'Invitation · Picket';
  }, []);
  const opened = useQuery({
    queryKey: ['/invitation'],
    queryFn: () => api.send(openedInvitation, 'POST', '/invitation', { token }),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  return (
    <Entrance title="Invitation" footer={`Picket ${version}`}>
      {opened.error ? (
        <Stack gap="sm">
          <ErrorState error={opened.error} />
          <AppLink to={paths.overview}>Go to the sign-in page</AppLink>
        </Stack>
      ) : (
        <Loaded query={opened}>{(data) => <Acceptance invitation={data} token={token} />}</Loaded>
      )}
    </Entrance>
  );
}

function Acceptance({ invitation, token }: { invitation: OpenedInvitation; token: string }) {
  const user = useSession().data?.user;
  const methods = useItem(signInMethods, '/sign-in-methods');
  const provider = methods.data?.oidc;
  // Where passwords are for Managers alone, the platform refuses everybody else's.
  const byPassword = methods.data !== undefined && (methods.data.passwordForAll || invitation.role === 'manager');
  return (
    <Stack gap="sm">
      <div>{invitation.invitedBy} invites you to scan and watch the networks of your organisation.</div>
      <Facts>
        <Fact name="Name">{invitation.name}</Fact>
        <Fact name="Login">{invitation.login}</Fact>
        <Fact name="Role">
          {roleWords[invitation.role].label}: {roleWords[invitation.role].may.toLowerCase()}
        </Fact>
        {invitation.businessUnitName === null ? null : <Fact name="Business unit">{invitation.businessUnitName}</Fact>}
        <Fact name="Link ends">
          <ExactTime at={invitation.expiresAt} />
        </Fact>
      </Facts>
      {user ? (
        <div role="status">
          This browser is signed in as {user.login}. Accepting signs it in as {invitation.login} instead.
        </div>
      ) : null}
      {provider ? <OidcButton name={provider.name} returnTo={paths.overview} invitation={token} primary /> : null}
      {byPassword ? <NewPasswordForm token={token} /> : null}
    </Stack>
  );
}

/** Choosing the password accepts; the terms come next, as for everybody. */
function NewPasswordForm({ token }: { token: string }) {
  const navigate = useNavigate();
  const [password, setPassword] = useState('');
  const [again, setAgain] = useState('');
  const accept = useSend({
    schema: signedIn,
    method: 'POST',
    path: '/invitation/accept',
    body: () => ({ token, password }),
    stale: ['/session'],
  });
  const missing = minLength - password.length;
  const short = password !== '' && missing > 0 ? `${missing} more characters needed` : null;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        accept.mutate(undefined, { onSuccess: () => void navigate({ to: paths.overview, replace: true }) });
      }}
    >
      <Stack gap="sm">
        <PasswordInput
          label="Choose a password"
          description={`At least ${minLength} characters; a sentence is good`}
          autoComplete="new-password"
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          error={fieldError(accept.error, 'password') ?? short}
          required
        />
        <PasswordInput
          label="Password again"
          autoComplete="new-password"
          value={again}
          onChange={(event) => setAgain(event.currentTarget.value)}
          error={again !== '' && again !== password ? 'The two do not match' : null}
          required
        />
        {accept.error ? <ErrorState error={accept.error} /> : null}
        <Button type="submit" size="sm" loading={accept.isPending} disabled={missing > 0 || again !== password}>
          Accept invitation
        </Button>
      </Stack>
    </form>
  );
}
