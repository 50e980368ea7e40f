import type { Exclusion } from '@picket/contracts/api/exclusion';
import { Button, Modal } from '@mantine/core';
import { useState } from 'react';
import { z } from 'zod';
import { useSend } from '../../shared/api/use-send.ts';
import { useMay } from '../../shared/api/use-session.ts';
import { ConfirmByName } from '../../shared/components/confirm-by-name.tsx';
import { Fact, Facts } from '../../shared/components/facts.tsx';
import { SidePanel } from '../../shared/components/side-panel.tsx';
import { Time } from '../../shared/components/time.tsx';
import { formatCount } from '../../shared/format/number.ts';
import { formatRangeText } from '../../shared/format/range.ts';
import { ExclusionForm } from './exclusion-form.tsx';

/** Ranges that the panel shows at most. */
const shownRanges = 100;

/** One exclusion: what it covers, why, by whom. */
export function ExclusionPanel({ exclusion: one, onClose }: { exclusion: Exclusion; onClose: () => void }) {
  const [dialog, setDialog] = useState<'edit' | 'delete' | null>(null);
  const may = useMay();
  const remove = useSend({
    schema: z.unknown(),
    method: 'DELETE',
    path: `/exclusions/${one.id}`,
    stale: ['/exclusions', '/plans'],
  });
  const more = one.ranges.length - shownRanges;
  return (
    <SidePanel title={`Exclusion ${one.id}`} label="Exclusion" onClose={onClose}>
      {may.manage ? (
        <Button.Group mb="md">
          <Button variant="default" onClick={() => setDialog('edit')}>
            Edit
          </Button>
          <Button variant="default" onClick={() => setDialog('delete')}>
            Lift
          </Button>
        </Button.Group>
      ) : null}
      <Facts>
        <Fact name="Reason">{one.reason}</Fact>
        <Fact name="Never scanned">
          {one.ranges.slice(0, shownRanges).map((range) => (
            <div key={range} className="pk-mono">
              {formatRangeText(range)}
            </div>
          ))}
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
      {dialog === 'edit' ? (
        <Modal opened onClose={() => setDialog(null)} title={`Edit exclusion ${one.id}`} size="lg">
          <ExclusionForm before={one} onDone={() => setDialog(null)} />
        </Modal>
      ) : null}
      {dialog === 'delete' ? (
        <ConfirmByName
          opened
          title="Lift this exclusion?"
          consequence="Scans that are planned from now on may touch its addresses again. Those that were launched before go on without them."
          name={String(one.id)}
          verb="Lift exclusion"
          busy={remove.isPending}
          error={remove.error}
          onClose={() => setDialog(null)}
          onConfirm={() => remove.mutate(undefined, { onSuccess: onClose })}
        />
      ) : null}
    </SidePanel>
  );
}
