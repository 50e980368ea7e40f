import type { ScanRequest } from '@picket/contracts/api/scan';
import type { ScanPrefill } from './new-scan-context.ts';

/** A scan request being written; the network may not be chosen yet. */
export type Draft = Omit<ScanRequest, 'networkId'> & { readonly networkId: number | null };

/** A draft with the usual choices, and what the page knew already. */
export function newDraft(prefill: ScanPrefill = {}): Draft {
  return {
    kind: prefill.kind ?? 'scan',
    networkId: prefill.networkId ?? null,
    targets: prefill.targets ?? '',
    assetGroupIds: [],
    exclude: prefill.exclude ?? '',
    ports: prefill.ports ?? 'top1000',
    profile: prefill.profile ?? 'normal',
    assumeAlive: false,
    services: true,
    checks: true,
    intrusive: false,
    applianceIds: [],
    title: prefill.title ?? '',
  };
}

/** The request once it can be asked for: a network is chosen and there are targets or asset groups. */
export function requestOf(draft: Draft): ScanRequest | null {
  if (draft.networkId === null || (draft.targets.trim() === '' && draft.assetGroupIds.length === 0)) return null;
  return { ...draft, networkId: draft.networkId };
}
