import { detection } from '@picket/contracts/api/inventory';
import type { QueryValues } from '../api/client.ts';
import { useList } from '../api/use-list.ts';
import { DataTable } from '../components/data-table.tsx';
import { EmptyState } from '../components/empty-state.tsx';
import { Split } from '../components/page.tsx';
import { useFilters } from '../components/use-filters.ts';
import { detectionColumns } from './detection-columns.tsx';
import { DetectionPanel } from './detection-panel.tsx';

const noDetection = {
  title: 'No open detection',
  sentence:
    'No check that ran found a weakness here. What could not be tested is listed as not evaluable, not as clean.',
} as const;

/** The detections of one scan or asset with their evidence beside them. The open one is in the URL (`open`). */
export function DetectionsTable({
  filter,
  maxHeight,
  empty = noDetection,
}: {
  filter: QueryValues;
  maxHeight: number;
  empty?: React.ComponentProps<typeof EmptyState>;
}) {
  const [filters, setFilters] = useFilters();
  const list = useList(detection, '/detections', filter);
  const open = Number(filters.open ?? '');
  return (
    <Split>
      <DataTable
        label="Detections"
        columns={
          filter.assetId === undefined ? detectionColumns : detectionColumns.filter((column) => column.key !== 'asset')
        }
        list={list}
        rowKey={(row) => row.id}
        openKey={open}
        onOpen={(row) => setFilters({ open: String(row.id) })}
        maxHeight={maxHeight}
        empty={<EmptyState {...empty} />}
      />
      {open > 0 ? <DetectionPanel id={open} onClose={() => setFilters({ open: '' })} /> : null}
    </Split>
  );
}
