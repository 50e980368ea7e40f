import type { BusinessUnit } from '@picket/contracts/api/people';
import { Button } from '@mantine/core';
import { useMay } from '../../shared/api/use-session.ts';
import { ConfirmDelete } from '../../shared/components/confirm-delete.tsx';
import { DialogButton } from '../../shared/components/dialog-button.tsx';
import { Fact, Facts } from '../../shared/components/facts.tsx';
import { FormDialog } from '../../shared/components/form-dialog.tsx';
import { SidePanel } from '../../shared/components/side-panel.tsx';
import { BusinessUnitForm } from './business-unit-form.tsx';

/** One business unit: how many belong to it. */
export function BusinessUnitPanel({ unit: one, onClose }: { unit: BusinessUnit; onClose: () => void }) {
  const may = useMay();
  return (
    <SidePanel title={one.name} label="Business unit" onClose={onClose}>
      {may.manage ? (
        <Button.Group mb="md">
          <DialogButton label="Edit">
            {(close) => (
              <FormDialog title={`Edit ${one.name}`} onClose={close}>
                <BusinessUnitForm before={one} onDone={close} />
              </FormDialog>
            )}
          </DialogButton>
          <DialogButton label="Delete">
            {(close) => (
              <ConfirmDelete
                what="business unit"
                consequence="It must have neither people nor asset groups any more."
                name={one.name}
                path={`/business-units/${one.id}`}
                stale={['/business-units', '/accounts', '/asset-groups']}
                onClose={close}
                onDeleted={onClose}
              />
            )}
          </DialogButton>
        </Button.Group>
      ) : null}
      <Facts>
        <Fact name="People">{one.accounts}</Fact>
        <Fact name="Asset groups">{one.assetGroups}</Fact>
        <Fact name="Comments">{one.comments === '' ? 'none' : one.comments}</Fact>
      </Facts>
    </SidePanel>
  );
}
