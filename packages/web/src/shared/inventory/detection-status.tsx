import type { Detection } from '@picket/contracts/api/inventory';

const words: Readonly<Record<Detection['status'], string>> = {
  new: 'New',
  active: 'Active',
  fixed: 'Fixed',
  reopened: 'Reopened',
};

/** Where a detection stands, in a word. */
export function StatusWord({ status }: { status: Detection['status'] }) {
  return <span style={status === 'reopened' ? { fontWeight: 600 } : {}}>{words[status]}</span>;
}
