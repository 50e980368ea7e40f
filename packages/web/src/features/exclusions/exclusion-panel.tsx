import type { Exclusion } from '@picket/contracts/api/exclusion';
import { Button } from '@mantine/core';
import { useMay } from '../../shared/api/use-session.ts';
import { ConfirmDelete } from '../../shared/components/confirm-delete.tsx';
import { DialogButton } from '../../shared/components/dialog-button.tsx';
import { Fact, Facts } from '../../shared/components/facts.tsx';
import { FormDialog } from '../../shared/components/form-dialog.tsx';
import { RangeLines } from '../../shared/components/range-lines.tsx';
import { SidePanel } from '../../shared/components/side-panel.tsx';
import { Time } from '../../shared/components/time.tsx';
import { formatCount } from '../../shared/format/number.ts';
import { ExclusionForm } from './exclusion-form.tsx';

/** Ranges that the panel shows at most. */
const shownRanges = 100;

/** One exclusion: what it covers, why, by whom. */
export function ExclusionPanel({ exclusion: one, onClose }: { exclusion: Exclusion; onClose: () => void }) {
  const may = useMay();
  const more = one.ranges.length - shownRanges;
  return (
    <SidePanel title={`Exclusion ${one.id}`} label="Exclusion" onClose={onClose}>
      {may.manage ? (
        <Button.Group mb="md">
          <DialogButton label="Edit">
            {(close) => (
              <FormDialog title={`Edit exclusion ${one.id}`} size="lg" onClose={close}>
                <ExclusionForm before={one} onDone={close} />
              </FormDialog>
            )}
          </DialogButton>
          <DialogButton label="Lift">
            {(close) => (
              <ConfirmDelete
                what="exclusion"
                verb="Lift"
                consequence="Scans that are planned from now on may touch its addresses again. Those that were launched before go on without them."
                name={String(one.id)}
                path={`/exclusions/${one.id}`}
                stale={['/exclusions', '/plans']}
                onClose={close}
                onDeleted={onClose}
              />
            )}
          </DialogButton>
        </Button.Group>
      ) : null}
      <Facts>
        <Fact name="Reason">{one.reason}</Fact>
        <Fact name="Never scanned">
          <RangeLines ranges={one.ranges.slice(0, shownRanges)} />
          {more > 0 ? `and ${formatCount(more)} more ranges` : null}
        </Fact>
        {one.names.map((name) => (
          <Fact key={name.name} name={name.name}>
            <span className="pk-mono">{name.addresses.join(', ')}</span>
          </Fact>
        ))}
        <Fact name="Addresses">{formatCount(one.addresses)}</Fact>
        <Fact name="Changed">
          <Time at={one.updatedAt} /> by {one.updatedBy}
        </Fact>
      </Facts>
    </SidePanel>
  );
}
