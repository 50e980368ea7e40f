import type { Appliance } from '@picket/contracts/api/appliance';
import { Button, Group } from '@mantine/core';
import { useState } from 'react';
import { plural } from '../../shared/format/number.ts';
import { BulkDialog } from './bulk-dialog.tsx';
import type { BulkAction } from './bulk-run.ts';

/** What can be done to the picked appliances at once. */
export function BulkBar({ picked, onClear }: { picked: readonly Appliance[]; onClear: () => void }) {
  const [asking, setAsking] = useState<BulkAction['kind'] | null>(null);
  return (
    <div className="pk-card" role="toolbar" aria-label="Picked appliances" style={{ padding: '8px 12px' }}>
      <Group gap="xs">
        <span aria-live="polite">{plural(picked.length, 'appliance')} picked</span>
        <Button variant="default" onClick={() => setAsking('change')}>
          Edit
        </Button>
        <Button variant="default" onClick={() => setAsking('update')}>
          Update now
        </Button>
        <Button variant="default" onClick={() => setAsking('delete')}>
          Delete
        </Button>
        <Button variant="subtle" onClick={onClear}>
          Pick none
        </Button>
      </Group>
      {asking ? (
        <BulkDialog kind={asking} appliances={picked} onClose={() => setAsking(null)} onDone={onClear} />
      ) : null}
    </div>
  );
}
