import { type Exclusion, exclusion } from '@picket/contracts/api/exclusion';
import { useList } from '../../shared/api/use-list.ts';
import { useMay } from '../../shared/api/use-session.ts';
import type { Column } from '../../shared/components/data-table.tsx';
import { FormDialog } from '../../shared/components/form-dialog.tsx';
import { ListPage } from '../../shared/components/list-page.tsx';
import { NewButton, NewDialog } from '../../shared/components/new-dialog.tsx';
import { Time } from '../../shared/components/time.tsx';
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
  const list = useList(exclusion, '/exclusions');
  const may = useMay();
  return (
    <ListPage
      title="Exclusions"
      noun="exclusion"
      list={list}
      columns={columns}
      add={may.manage ? <NewButton name="exclusion">Exclude addresses</NewButton> : null}
      empty={{
        title: 'No exclusion yet',
        sentence:
          'What stands here is never scanned, in no network and by nobody, beside what networks, asset groups and scans exclude themselves.',
        example: '10.0.9.0/24, controllers that stop when they are scanned',
      }}
      renderPanel={(one, onClose) => <ExclusionPanel exclusion={one} onClose={onClose} />}
    >
      <NewDialog name="exclusion">
        {(onClose) => (
          <FormDialog title="Exclude addresses" size="lg" onClose={onClose}>
            <ExclusionForm onDone={onClose} />
          </FormDialog>
        )}
      </NewDialog>
    </ListPage>
  );
}
