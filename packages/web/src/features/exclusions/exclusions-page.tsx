import { type Exclusion, exclusion } from '@picket/contracts/api/exclusion';
import { Button, Modal } from '@mantine/core';
import { useList } from '../../shared/api/use-list.ts';
import { useMay } from '../../shared/api/use-session.ts';
import { type Column, DataTable, ListCount } from '../../shared/components/data-table.tsx';
import { EmptyState } from '../../shared/components/empty-state.tsx';
import { Page, Split } from '../../shared/components/page.tsx';
import { Time } from '../../shared/components/time.tsx';
import { useFilters } from '../../shared/components/use-filters.ts';
import { formatCount } from '../../shared/format/number.ts';
import { ExclusionForm } from './exclusion-form.tsx';
import { ExclusionPanel } from './exclusion-panel.tsx';

const columns: readonly Column<Exclusion>[] = [
  {
    key: 'targets',
    title: 'Never scanned',
    width: 'minmax(130px, 2fr)',
    cell: (one) => <span className="pk-mono pk-truncate">{one.targets.replaceAll(/\s+/g, ' ')}</span>,
  },
  {
    key: 'reason',
    title: 'Reason',
    width: 'minmax(120px, 2fr)',
    cell: (one) => <span className="pk-truncate">{one.reason}</span>,
  },
  {
    key: 'addresses',
    title: 'Addresses',
    width: '110px',
    right: true,
    wide: true,
    cell: (one) => formatCount(one.addresses),
  },
  {
    key: 'by',
    title: 'By',
    width: '120px',
    wide: true,
    cell: (one) => <span className="pk-truncate">{one.updatedBy}</span>,
  },
  { key: 'at', title: 'Changed', width: '130px', wide: true, cell: (one) => <Time at={one.updatedAt} /> },
];

/** Settings: addresses that no map or scan touches. */
export function ExclusionsPage() {
  const [filters, setFilters] = useFilters();
  const list = useList(exclusion, '/exclusions');
  const may = useMay();
  const open = list.items.find((one) => String(one.id) === filters.open);
  const add = may.manage ? <Button onClick={() => setFilters({ new: 'exclusion' })}>Exclude addresses</Button> : null;
  return (
    <Page title="Exclusions" fill about={<ListCount list={list} noun="exclusion" />} actions={add}>
      <Split>
        <DataTable
          label="Exclusions"
          columns={columns}
          list={list}
          rowKey={(one) => one.id}
          openKey={open?.id ?? null}
          onOpen={(one) => setFilters({ open: String(one.id) })}
          empty={
            <EmptyState
              title="No exclusion yet"
              sentence="What stands here is never scanned, in no network and by nobody, beside what networks, asset groups and scans exclude themselves."
              action={add}
              example="10.0.9.0/24, controllers that stop when they are scanned"
            />
          }
        />
        {open ? <ExclusionPanel key={open.id} exclusion={open} onClose={() => setFilters({ open: '' })} /> : null}
      </Split>
      {filters.new === 'exclusion' ? (
        <Modal opened onClose={() => setFilters({ new: '' })} title="Exclude addresses" size="lg">
          <ExclusionForm onDone={() => setFilters({ new: '' })} />
        </Modal>
      ) : null}
    </Page>
  );
}
