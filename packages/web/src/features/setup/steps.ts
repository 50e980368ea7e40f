import type { SessionState } from '@picket/contracts/api/session';

/** The steps of the first run, in order. */
export const steps = ['password', 'terms', 'networks', 'appliance', 'scan'] as const;
export type Step = (typeof steps)[number];

export const stepWords: Readonly<
  Record<Step, { readonly short: string; readonly title: string; readonly lead: string }>
> = {
  password: {
    short: 'Password',
    title: 'Choose your password',
    lead: 'The one-time password has done its work. From now on you sign in with your own.',
  },
  terms: {
    short: 'Terms',
    title: 'Licence and terms',
    lead: 'Read them once; the acceptance is recorded with your name.',
  },
  networks: {
    short: 'Networks',
    title: 'Register your networks',
    lead: 'Only registered ranges can be scanned. Add more at any time under Settings.',
  },
  appliance: {
    short: 'Appliance',
    title: 'Connect an appliance',
    lead: 'An appliance sits in a network and scans it. It calls the platform over HTTPS; nothing has to call it.',
  },
  scan: {
    short: 'First scan',
    title: 'First scan',
    lead: 'Write targets and look at the plan: nothing is sent before you launch.',
  },
};

/** Where the first run stands: password and terms can't be skipped, after that the URL decides. Pure. */
export function currentStep(session: Pick<SessionState, 'user'>, wanted: string | undefined): Step {
  if (session.user?.passwordChangeNeeded) return 'password';
  if (session.user?.termsAccepted === false) return 'terms';
  return steps.slice(2).find((step) => step === wanted) ?? 'networks';
}
