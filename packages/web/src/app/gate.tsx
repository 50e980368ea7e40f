import type { SessionState } from '@picket/contracts/api/session';
import { Outlet, useLocation } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { Entrance } from '../shared/account/entrance.tsx';
import { PasswordForm } from '../shared/account/password-form.tsx';
import { TermsForm } from '../shared/account/terms-form.tsx';
import { useSession } from '../shared/api/use-session.ts';
import { ErrorState } from '../shared/components/error-state.tsx';
import { paths } from '../shared/paths.ts';
import { SignInPage } from '../features/session/sign-in-page.tsx';
import { Shell } from './shell.tsx';

const SetupPage = lazy(() =>
  import('../features/setup/setup-page.tsx').then((module) => ({ default: module.SetupPage })),
);
const NeededFactor = lazy(() =>
  import('../features/session/needed-factor.tsx').then((module) => ({ default: module.NeededFactor })),
);
const ComponentsPage = lazy(() =>
  import('../features/components/components-page.tsx').then((module) => ({ default: module.ComponentsPage })),
);

/** Decides what somebody sees: sign-in, the first steps of an account, the first run, or the interface. */
export function Gate() {
  const session = useSession();
  const { pathname } = useLocation();
  if (pathname === paths.components && !session.data?.user) {
    return (
      <Suspense fallback={null}>
        <ComponentsPage />
      </Suspense>
    );
  }
  if (session.data === undefined) {
    if (!session.error) return null;
    return (
      <Entrance title="Picket">
        <ErrorState error={session.error} onRetry={() => void session.refetch()} />
      </Entrance>
    );
  }
  return <Admitted session={session.data} pathname={pathname} />;
}

function Admitted({ session, pathname }: { session: SessionState; pathname: string }) {
  const { user } = session;
  if (!user) return <SignInPage version={session.version} />;
  const firstRun = user.role === 'manager' && !session.setup.complete;
  if (
    pathname === paths.setup ||
    (firstRun && pathname === paths.overview) ||
    (firstRun && (user.passwordChangeNeeded || !user.termsAccepted))
  ) {
    return (
      <Suspense fallback={null}>
        <SetupPage session={session} />
      </Suspense>
    );
  }
  if (user.passwordChangeNeeded) {
    return (
      <Entrance title="Choose your password">
        <PasswordForm submit="Set password" />
      </Entrance>
    );
  }
  if (!user.termsAccepted) {
    return (
      <Entrance title="Licence and terms">
        <TermsForm />
      </Entrance>
    );
  }
  if (user.secondFactorNeeded) {
    return (
      <Entrance title="Set up a second factor">
        <Suspense fallback={null}>
          <NeededFactor />
        </Suspense>
      </Entrance>
    );
  }
  return (
    <Shell user={user}>
      <Outlet />
    </Shell>
  );
}
