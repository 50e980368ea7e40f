import type { SessionState } from '@picket/contracts/api/session';
import { Outlet, useLocation } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { Entrance } from '../shared/account/entrance.tsx';
import { useSession } from '../shared/api/use-session.ts';
import { ErrorState } from '../shared/components/error-state.tsx';
import { paths } from '../shared/paths.ts';
import { Shell } from './shell.tsx';

// What most visits do not need is not in their first load.
const SignInPage = lazy(() =>
  import('../features/session/sign-in-page.tsx').then((module) => ({ default: module.SignInPage })),
);
const PasswordForm = lazy(() =>
  import('../shared/account/password-form.tsx').then((module) => ({ default: module.PasswordForm })),
);
const TermsForm = lazy(() =>
  import('../shared/account/terms-form.tsx').then((module) => ({ default: module.TermsForm })),
);
const SetupPage = lazy(() =>
  import('../features/setup/setup-page.tsx').then((module) => ({ default: module.SetupPage })),
);
const NeededFactor = lazy(() =>
  import('../features/session/needed-factor.tsx').then((module) => ({ default: module.NeededFactor })),
);
const InvitePage = lazy(() =>
  import('../features/invite/invite-page.tsx').then((module) => ({ default: module.InvitePage })),
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
  if (pathname === paths.invite) {
    return (
      <Suspense fallback={null}>
        <InvitePage version={session.version} />
      </Suspense>
    );
  }
  if (!user) {
    return (
      <Suspense fallback={null}>
        <SignInPage version={session.version} />
      </Suspense>
    );
  }
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
        <Suspense fallback={null}>
          <PasswordForm submit="Set password" />
        </Suspense>
      </Entrance>
    );
  }
  if (!user.termsAccepted) {
    return (
      <Entrance title="Licence and terms">
        <Suspense fallback={null}>
          <TermsForm />
        </Suspense>
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
