import type { Features } from '@picket/contracts/api/feature';

/** Whose eyes the fixture shows: nobody, a fresh Manager, or one who is set up. `empty` holds nothing at all. */
export type Mode = 'signed-out' | 'first-run' | 'ready' | 'empty';

/** What of the sample changes while it is served. */
export interface FixtureState {
  mode: Mode;
  passwordChangeNeeded: boolean;
  termsAccepted: boolean;
  features: Features;
}

/** The sample as it begins. */
export function newState(mode: Mode): FixtureState {
  return {
    mode,
    passwordChangeNeeded: mode === 'first-run',
    termsAccepted: mode !== 'first-run',
    features: { vlans: true, ipv6: true, virtualAppliances: true, scanServices: true },
  };
}
