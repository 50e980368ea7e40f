import { userError } from '@picket/base/error';
import { emptyScanNetwork, type ScanNetwork, scanNetwork } from '@picket/contracts/scan-network';
import { z } from 'zod';
import { factorySettings, type NetworkSettings, networkSettings, settingsDocument } from './network-settings.ts';

/**
 * All that the network helper keeps: one file, replaced whole, so that a crash leaves the old state or the new one. There is no journal of steps:
 * what was applied is read from the kernel.
 */
export const networkDocument = z.strictObject({
  version: z.literal(1),
  settings: networkSettings,
  scanNetwork,
  /** The platform's change that is in force but not confirmed: what to go back to, and after how long. */
  pending: z.strictObject({ previous: scanNetwork, confirmWithinSeconds: z.int().min(1) }).nullable(),
  /** The platform's change that was taken back, by its generation; only a higher one is tried. */
  refusedGeneration: z.int().nullable(),
});
export type NetworkDocument = z.infer<typeof networkDocument>;

export const factoryDocument: NetworkDocument = {
  version: 1,
  settings: factorySettings,
  scanNetwork: emptyScanNetwork,
  pending: null,
  refusedGeneration: null,
};

/** Text of the file, the proxy's password included. */
export function documentText(document: NetworkDocument): string {
  return `${JSON.stringify({ ...document, settings: settingsDocument(document.settings) })}\n`;
}

/** Console: in force at once and for good. A reset is the factory settings; what the platform set stays. */
export function withSettings(document: NetworkDocument, settings: NetworkSettings): NetworkDocument {
  return { ...document, settings };
}

/** Platform: in force until confirmed or taken back. Refuses what is not newer; the same again changes nothing. */
export function offer(document: NetworkDocument, next: ScanNetwork, confirmWithinSeconds: number): NetworkDocument {
  const { scanNetwork: current, pending, refusedGeneration } = document;
  if (next.generation === current.generation) return document;
  if (next.generation < current.generation || next.generation <= (refusedGeneration ?? -1)) {
    const tried =
      next.generation === refusedGeneration
        ? 'was tried and cut the appliance off'
        : 'is not newer than what is in force';
    throw userError(
      'netconf.generation-old',
      `The scan network of generation ${next.generation} ${tried}.`,
      'Change it in the platform: the change gets a higher generation.',
    );
  }
  return {
    ...document,
    scanNetwork: next,
    pending: { previous: pending?.previous ?? current, confirmWithinSeconds },
  };
}

/** The appliance reached the platform with this generation in force. */
export function confirm(document: NetworkDocument, generation: number): NetworkDocument {
  return document.pending !== null && document.scanNetwork.generation === generation
    ? { ...document, pending: null }
    : document;
}

/** Nobody confirmed in time. */
export function takeBack(document: NetworkDocument): NetworkDocument {
  const { pending, scanNetwork: tried } = document;
  if (pending === null) return document;
  return { ...document, scanNetwork: pending.previous, pending: null, refusedGeneration: tried.generation };
}
