import type { MapAnswer, MapJob } from '@picket/contracts/api/map';
import { Button, Group } from '@mantine/core';
import { useMay } from '../../shared/api/use-session.ts';
import { plural } from '../../shared/format/number.ts';
import { useNewScan } from '../../shared/launch/new-scan-context.ts';

/** Opens New scan with all hosts of the map as targets; the platform takes those that the map has at the launch. */
export function ScanMapHosts({ map }: { map: MapAnswer }) {
  const newScan = useNewScan();
  const may = useMay();
  if (!may.scan || map.hosts === 0) return null;
  const { id, networkId } = map.job;
  return <Button onClick={() => newScan({ networkId, fromMap: { id, networks: [] } })}>Scan these hosts</Button>;
}

interface PickedProps {
  readonly job: MapJob;
  /** Addresses or prefixes. */
  readonly targets: readonly string[];
  readonly noun: 'host' | 'network';
  readonly onNone: () => void;
}

/** What to do with picked rows: scan these hosts, or these networks whole. */
export function ScanPicked({ job, targets, noun, onNone }: PickedProps) {
  const newScan = useNewScan();
  const may = useMay();
  if (!may.scan || targets.length === 0) return null;
  return (
    <Group gap="xs">
      <Button size="xs" onClick={() => newScan({ networkId: job.networkId, targets: targets.join('\n') })}>
        Scan {plural(targets.length, noun)}
      </Button>
      <Button size="xs" variant="default" onClick={onNone}>
        Pick none
      </Button>
    </Group>
  );
}
