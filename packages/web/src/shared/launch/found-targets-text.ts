import type { ScanRequest } from '@picket/contracts/api/scan';
import { plural } from '../format/number.ts';

/** Targets that are found at the launch, in words; empty when there are none. Pure. */
export function foundTargetsText({
  assetGroupIds,
  tagIds = [],
  fromMap,
}: Pick<ScanRequest, 'assetGroupIds' | 'tagIds' | 'fromMap'>): string {
  const parts = [
    assetGroupIds.length > 0 ? plural(assetGroupIds.length, 'asset group') : '',
    tagIds.length > 0 ? plural(tagIds.length, 'tag') : '',
    fromMap === undefined ? '' : `the hosts of map ${fromMap.id}`,
  ];
  return parts.filter((part) => part !== '').join(', ');
}
