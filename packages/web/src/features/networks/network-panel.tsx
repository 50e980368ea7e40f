import type { network } from '@picket/contracts/api/network';
import { Button } from '@mantine/core';
import type { z } from 'zod';
import { useMay } from '../../shared/api/use-session.ts';
import { ConfirmDelete } from '../../shared/components/confirm-delete.tsx';
import { DialogButton } from '../../shared/components/dialog-button.tsx';
import { Fact, Facts } from '../../shared/components/facts.tsx';
import { FormDialog } from '../../shared/components/form-dialog.tsx';
import { RangeLines } from '../../shared/components/range-lines.tsx';
import { SidePanel } from '../../shared/components/side-panel.tsx';
import { Time } from '../../shared/components/time.tsx';
import { formatCount } from '../../shared/format/number.ts';
import { NetworkForm } from '../../shared/networks/network-form.tsx';

/** One network: its ranges, and who allowed to scan the public ones. */
export function NetworkPanel({ network: one, onClose }: { network: z.infer<typeof network>; onClose: () => void }) {
  const may = useMay();
  return (
    <SidePanel title={one.name} label="Network" onClose={onClose}>
      {may.manage ? (
        <Button.Group mb="md">
          <DialogButton label="Edit">
            {(close) => (
              <FormDialog title={`Edit ${one.name}`} size="lg" onClose={close}>
                <NetworkForm before={one} onDone={close} />
              </FormDialog>
            )}
          </DialogButton>
          <DialogButton label="Delete">
            {(close) => (
              <ConfirmDelete
                what="network"
                consequence="Its ranges can no longer be scanned, and its assets go with it."
                name={one.name}
                path={`/networks/${one.id}`}
                stale={['/networks', '/session', '/overview']}
                onClose={close}
                onDeleted={onClose}
              />
            )}
          </DialogButton>
        </Button.Group>
      ) : null}
      <Facts>
        <Fact name="Ranges">
          <RangeLines ranges={one.ranges} />
        </Fact>
        <Fact name="Exclusions">{one.exclusions.length === 0 ? 'none' : <RangeLines ranges={one.exclusions} />}</Fact>
        <Fact name="Addresses">{formatCount(one.addresses)}</Fact>
        <Fact name="Authorization">
          {one.authorization ? (
            <>
              “{one.authorization.statement}” {one.authorization.by}, <Time at={one.authorization.at} />
            </>
          ) : (
            'not needed: no public ranges'
          )}
        </Fact>
      </Facts>
    </SidePanel>
  );
}
