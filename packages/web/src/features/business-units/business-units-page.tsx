import { type BusinessUnit, businessUnit } from '@picket/contracts/api/people';
import { useList } from '../../shared/api/use-list.ts';
import { useMay } from '../../shared/api/use-session.ts';
import type { Column } from '../../shared/components/data-table.tsx';
import { FormDialog } from '../../shared/components/form-dialog.tsx';
import { ListPage } from '../../shared/components/list-page.tsx';
import { NewButton, NewDialog } from '../../shared/components/new-dialog.tsx';
import { BusinessUnitForm } from './business-unit-form.tsx';
import { BusinessUnitPanel } from './business-unit-panel.tsx';

const columns: readonly Column<BusinessUnit>[] = [
  {
    key: 'name',
    title: 'Name',
    width: 'minmax(120px, 2fr)',
    cell: (one) => <span className="pk-truncate">{one.name}</span>,
  },
  { key: 'people', title: 'People', width: '80px', right: true, cell: (one) => one.accounts },
  { key: 'groups', title: 'Asset groups', width: '110px', right: true, cell: (one) => one.assetGroups },
];

/** Settings: parts of the organisation with people and asset groups of their own. */
export function BusinessUnitsPage() {
  const list = useList(businessUnit, '/business-units');
  const may = useMay();
  return (
    <ListPage
      title="Business units"
      noun="business unit"
      list={list}
      columns={columns}
      add={may.manage ? <NewButton name="unit">New business unit</NewButton> : null}
      empty={{
        title: 'No business unit',
        sentence:
          'A business unit has asset groups and people of its own, and Unit Managers who look after both. Small organisations need none.',
        example: 'Plant Hamburg, with its asset groups and the people who scan there',
      }}
      renderPanel={(one, onClose) => <BusinessUnitPanel unit={one} onClose={onClose} />}
    >
      <NewDialog name="unit">
        {(onClose) => (
          <FormDialog title="New business unit" onClose={onClose}>
            <BusinessUnitForm onDone={onClose} />
          </FormDialog>
        )}
      </NewDialog>
    </ListPage>
  );
}
