import { previousScan } from '@picket/contracts/api/compare';
import { Button, Group } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useItem } from '../../shared/api/use-item.ts';
import { AppLink } from '../../shared/components/app-link.tsx';
import { plural } from '../../shared/format/number.ts';
import { paths } from '../../shared/paths.ts';

/** What can be done with picked scans: two are compared, the older one as the earlier side. */
export function CompareBar({ picked, onClear }: { picked: readonly number[]; onClear: () => void }) {
  const navigate = useNavigate();
  const [before, after] = picked.toSorted((a, b) => a - b);
  if (before === undefined) return null;
  const ready = picked.length === 2 && after !== undefined;
  return (
    <div className="pk-card" role="toolbar" aria-label="Picked scans" style={{ padding: '8px 12px' }}>
      <Group gap="xs">
        <span aria-live="polite">{plural(picked.length, 'scan')} picked</span>
        <Button
          size="xs"
          disabled={!ready}
          onClick={() => (after === undefined ? undefined : void navigate({ to: paths.compare(after, before) }))}
        >
          Compare
        </Button>
        {ready ? null : <span>Pick two to compare them.</span>}
        <Button size="xs" variant="default" onClick={onClear}>
          Pick none
        </Button>
      </Group>
    </div>
  );
}

/** Leads to the comparison with the run before; nothing where there is none. */
export function PreviousLink({ scanId }: { scanId: number }) {
  const { data } = useItem(previousScan, `/scans/${scanId}/previous`);
  if (!data?.scan) return null;
  return (
    <AppLink to={paths.compare(scanId, data.scan.id)}>
      Compare with previous{data.by === 'schedule' ? ' run' : ''}
    </AppLink>
  );
}
