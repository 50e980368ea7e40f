import type { network } from '@picket/contracts/api/network';
import type { z } from 'zod';
import { useMay } from '../../shared/api/use-session.ts';
import { EditAndDelete } from '../../shared/components/edit-and-delete.tsx';
import { Fact, Facts } from '../../shared/components/facts.tsx';
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
        <EditAndDelete
          what="network"
          name={one.name}
          consequence="Its ranges can no longer be scanned, and its assets go with it."
          path={`/networks/${one.id}`}
          stale={['/networks', '/session', '/overview']}
          onDeleted={onClose}
        >
          {(close) => <NetworkForm before={one} onDone={close} />}
        </EditAndDelete>
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
