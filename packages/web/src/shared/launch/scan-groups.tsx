import { assetGroup } from '@picket/contracts/api/people';
import { fieldError } from '../api/api-error.ts';
import { useList } from '../api/use-list.ts';
import { GroupChoice } from '../people/group-choice.tsx';
import type { Draft } from './draft.ts';

/** Asset groups as targets; not shown where there is none but All. */
export function ScanGroups(props: { draft: Draft; onChange: (change: Partial<Draft>) => void; error: unknown }) {
  const groups = useList(assetGroup, '/asset-groups', {}, { limit: 500 });
  if (!groups.items.some((one) => !one.coversAll)) return null;
  return (
    <GroupChoice
      label="Asset groups"
      description="Also scans their addresses in this network"
      value={props.draft.assetGroupIds}
      onChange={(assetGroupIds) => props.onChange({ assetGroupIds })}
      error={fieldError(props.error, 'assetGroupIds')}
      withoutAll
    />
  );
}
