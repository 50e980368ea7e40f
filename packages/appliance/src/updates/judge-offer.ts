import { compareVersions } from '@picket/contracts/release/release-version';
import type { WantedBundle } from '@picket/contracts/updates';
import type { BadRelease } from './update-record.ts';

/** What to do with an offer. `known-bad`: it failed here before and nobody has asked since. */
export type OfferVerdict =
  | { readonly kind: 'take' }
  | { readonly kind: 'in-use' }
  | { readonly kind: 'known-bad'; readonly bad: BadRelease }
  | { readonly kind: 'refuse'; readonly code: string; readonly detail: string };

export interface OfferQuestion {
  readonly offer: WantedBundle;
  /** Version in use. */
  readonly inUse: string;
  readonly bad: readonly BadRelease[];
  /** A launcher watches this process: only then can software be replaced. */
  readonly launched: boolean;
}

/** Whether an offer is taken, from what is known before a byte of it is here. */
export function judgeOffer({ offer, inUse, bad, launched }: OfferQuestion): OfferVerdict {
  if (offer.version === inUse) return { kind: 'in-use' };
  const before = bad.find(({ sha256 }) => sha256 === offer.sha256);
  if (before && before.now >= offer.now) return { kind: 'known-bad', bad: before };
  if (compareVersions(offer.version, inUse) < 0 && !offer.rollback)
    return refusal('updates.older', `${offer.version} is older than ${inUse}, and no Manager asked to go back`);
  if (offer.kind === 'software' && !launched)
    return refusal('updates.no-launcher', 'the appliance was started without the launcher that could go back');
  return { kind: 'take' };
}

function refusal(code: string, detail: string): OfferVerdict {
  return { kind: 'refuse', code, detail };
}
