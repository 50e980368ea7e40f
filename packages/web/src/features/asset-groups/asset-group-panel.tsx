import type { AssetGroup } from '@picket/contracts/api/people';
import { useMay } from '../../shared/api/use-session.ts';
import { EditAndDelete } from '../../shared/components/edit-and-delete.tsx';
import { Fact, Facts } from '../../shared/components/facts.tsx';
import { RangeLines } from '../../shared/components/range-lines.tsx';
import { SidePanel } from '../../shared/components/side-panel.tsx';
import { formatCount } from '../../shared/format/number.ts';
import { formatRanges } from '../../shared/format/range.ts';
import { AssetGroupForm } from './asset-group-form.tsx';

/** One asset group: its addresses, and what belongs to it. */
export function AssetGroupPanel({ group: one, onClose }: { group: AssetGroup; onClose: () => void }) {
  const may = useMay();
  return (
    <SidePanel title={one.name} label="Asset group" onClose={onClose}>
      {may.manage && !one.coversAll ? (
        <EditAndDelete
          what="asset group"
          name={one.name}
          consequence={`Its assets stay. ${one.accountIds.length} people lose it: who has no other group sees nothing any more.`}
          path={`/asset-groups/${one.id}`}
          stale={['/asset-groups', '/business-units', '/accounts', '/appliances']}
          onDeleted={onClose}
        >
          {(close) => <AssetGroupForm before={one} onDone={close} />}
        </EditAndDelete>
      ) : null}
      <Facts>
        {one.coversAll ? <Fact name="Addresses">every address of every network</Fact> : null}
        {one.networks.map((part) => (
          <Fact key={part.networkId} name={part.networkName}>
            <RangeLines ranges={part.ranges} />
            {part.exclusions.length === 0 ? null : <>except {formatRanges(part.exclusions)}</>}
          </Fact>
        ))}
        <Fact name="Assets">{formatCount(one.assets)}</Fact>
        <Fact name="Business unit">{one.businessUnitName ?? 'none'}</Fact>
        <Fact name="Appliances">{one.coversAll ? 'all' : one.applianceIds.length}</Fact>
        {may.readPeople ? <Fact name="People">{one.accountIds.length}</Fact> : null}
        <Fact name="Comments">{one.comments === '' ? 'none' : one.comments}</Fact>
      </Facts>
    </SidePanel>
  );
}
