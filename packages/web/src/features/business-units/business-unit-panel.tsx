import type { BusinessUnit } from '@picket/contracts/api/people';
import { useMay } from '../../shared/api/use-session.ts';
import { EditAndDelete } from '../../shared/components/edit-and-delete.tsx';
import { Fact, Facts } from '../../shared/components/facts.tsx';
import { SidePanel } from '../../shared/components/side-panel.tsx';
import { BusinessUnitForm } from './business-unit-form.tsx';

/** One business unit: how many belong to it. */
export function BusinessUnitPanel({ unit: one, onClose }: { unit: BusinessUnit; onClose: () => void }) {
  const may = useMay();
  return (
    <SidePanel title={one.name} label="Business unit" onClose={onClose}>
      {may.manage ? (
        <EditAndDelete
          what="business unit"
          name={one.name}
          consequence="It must have neither people nor asset groups any more."
          path={`/business-units/${one.id}`}
          stale={['/business-units', '/accounts', '/asset-groups']}
          size="md"
          onDeleted={onClose}
        >
          {(close) => <BusinessUnitForm before={one} onDone={close} />}
        </EditAndDelete>
      ) : null}
      <Facts>
        <Fact name="People">{one.accounts}</Fact>
        <Fact name="Asset groups">{one.assetGroups}</Fact>
        <Fact name="Comments">{one.comments === '' ? 'none' : one.comments}</Fact>
      </Facts>
    </SidePanel>
  );
}
