import type { ScanOptions } from '@picket/contracts/api/option-profile';
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
    assetGroupIds: [...(prefill.assetGroupIds ?? [])],
    ...(prefill.tagIds === undefined ? {} : { tagIds: [...prefill.tagIds] }),
    ...(prefill.fromMap === undefined ? {} : { fromMap: prefill.fromMap }),
    exclude: prefill.exclude ?? '',
    ports: prefill.ports ?? 'top1000',
    profile: prefill.profile ?? 'normal',
    assumeAlive: false,
    services: true,
    checks: true,
    intrusive: false,
    applianceIds: [...(prefill.applianceIds ?? [])],
    ...(prefill.applianceGroupIds === undefined ? {} : { applianceGroupIds: [...prefill.applianceGroupIds] }),
    title: prefill.title ?? '',
  };
}

const optionKeys = ['ports', 'profile', 'rate', 'assumeAlive', 'services', 'checks', 'intrusive'] as const;

/** The draft with a change in it. Options of one's own are no longer those of an option profile. Pure. */
export function changedDraft(draft: Draft, change: Partial<Draft>): Draft {
  const next = { ...draft, ...change };
  if (next.optionProfileId === undefined || 'optionProfileId' in change) return next;
  if (!optionKeys.some((key) => key in change && change[key] !== draft[key])) return next;
  const { optionProfileId: _left, ...own } = next;
  return own;
}

/** The options of a draft, to compare and to copy. Pure. */
export function optionsOf({ ports, profile, rate, assumeAlive, services, checks, intrusive }: Draft): ScanOptions {
  return { ports, profile, assumeAlive, services, checks, intrusive, ...(rate === undefined ? {} : { rate }) };
}

/** The draft with all options of a profile. Pure. */
export function withProfile(draft: Draft, profile: { readonly id: number; readonly options: ScanOptions }): Draft {
  const { rate: _own, ...rest } = draft;
  return { ...rest, ...profile.options, optionProfileId: profile.id };
}

/** Targets that the platform alone finds: those of asset groups, tags and maps. Pure. */
export function hasFoundTargets({ assetGroupIds, tagIds, fromMap }: Draft): boolean {
  return assetGroupIds.length + (tagIds?.length ?? 0) > 0 || fromMap !== undefined;
}

/** The request once it can be asked for: a network is chosen and there are targets. Pure. */
export function requestOf(draft: Draft): ScanRequest | null {
  if (draft.networkId === null || (draft.targets.trim() === '' && !hasFoundTargets(draft))) return null;
  return { ...draft, networkId: draft.networkId };
}
