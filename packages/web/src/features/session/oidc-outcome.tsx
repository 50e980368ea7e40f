import { type OidcOutcome, oidcOutcome, oidcOutcomeParameter } from '@picket/contracts/api/oidc';
import { Alert } from '@mantine/core';

/** What became of a sign-in by the identity provider, in words: what happened, and what to do. */
const words: Readonly<
  Record<Exclude<OidcOutcome, 'code-needed' | 'signed-out'>, readonly [what: string, wayOut: string]>
> = {
  expired: ['That sign-in took longer than ten minutes, or was used already.', 'Begin again.'],
  'other-browser': [
    'That sign-in was begun in another browser, or under another address of the platform.',
    'Open the platform by its own address and begin again.',
  ],
  'not-set-up': ['The identity provider was changed meanwhile.', 'Begin again.'],
  cancelled: ['You did not allow the sign-in at the identity provider.', 'Begin again, or sign in otherwise.'],
  'provider-refused': [
    'The identity provider refused the sign-in.',
    'Ask a Manager to look at its settings and at the audit log.',
  ],
  'provider-down': ['The identity provider does not answer.', 'Try again later, or sign in otherwise.'],
  'client-refused': [
    'The identity provider does not accept this platform: client id or secret are wrong.',
    'Ask a Manager to correct them under Settings > Security.',
  ],
  'code-refused': ['The identity provider took back its answer.', 'Begin again.'],
  'answer-invalid': [
    'The answer of the identity provider is not what was asked for.',
    'Begin again. If it stays, ask a Manager: the log of the platform holds the reason.',
  ],
  'login-missing': [
    'The identity provider does not say who you are in the way that is set up here.',
    'Ask a Manager which claim holds the login.',
  ],
  'mail-unverified': [
    'The identity provider has not verified your mail address.',
    'Have it verified there, then begin again.',
  ],
  'mail-domain': ['Your mail address is of a domain that may not sign in here.', 'Sign in with another account.'],
  'unknown-person': ['You have no account here.', 'Ask a Manager to invite you.'],
  'login-taken': [
    'An account here has your login and is not bound to you.',
    'Sign in with its password, or ask a Manager to bind it.',
  ],
  'account-disabled': ['Your account is disabled.', 'Ask a Manager to enable it.'],
  'invitation-other': [
    'The invitation is for somebody else than who signed in at the identity provider.',
    'Sign in there as whom the invitation names.',
  ],
  'invitation-invalid': [
    'The invitation does not work any more: it was used, has expired, or was withdrawn.',
    'Ask whoever invited you for a new one.',
  ],
};

/** The outcome in the page's address; null: none, or a word that is not known. */
export function outcomeInAddress(search: string): OidcOutcome | null {
  const parsed = oidcOutcome.safeParse(new URLSearchParams(search).get(oidcOutcomeParameter));
  return parsed.success ? parsed.data : null;
}

/** Why the sign-in came to nothing, or that somebody is back from signing out. */
export function OidcTrouble({ outcome }: { outcome: OidcOutcome | null }) {
  if (outcome === null || outcome === 'code-needed') return null;
  if (outcome === 'signed-out') {
    return (
      <Alert variant="default" role="status" title="You are signed out">
        Your session here is over, and you were signed out at the identity provider.
      </Alert>
    );
  }
  const [what, wayOut] = words[outcome];
  return (
    <Alert variant="default" role="alert" title="You are not signed in">
      {what} {wayOut}
    </Alert>
  );
}
