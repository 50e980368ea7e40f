import { type AssetGroup, assetGroup } from '@picket/contracts/api/people';
import { lazy } from 'react';
import { useList } from '../../shared/api/use-list.ts';
import { useMay } from '../../shared/api/use-session.ts';
import { AppLink } from '../../shared/components/app-link.tsx';
import type { Column } from '../../shared/components/data-table.tsx';
import { FormDialog } from '../../shared/components/form-dialog.tsx';
import { ListPage } from '../../shared/components/list-page.tsx';
import { NewButton, NewDialog } from '../../shared/components/new-dialog.tsx';
import { formatCount } from '../../shared/format/number.ts';
import { formatRanges } from '../../shared/format/range.ts';
import { paths } from '../../shared/paths.ts';

// Not of the first load: each is asked for with a click.
const AssetGroupForm = lazy(() =>
  import('./asset-group-form.tsx').then((module) => ({ default: module.AssetGroupForm })),
);
const AssetGroupPanel = lazy(() =>
  import('./asset-group-panel.tsx').then((module) => ({ default: module.AssetGroupPanel })),
);

function addresses(one: AssetGroup): string {
  if (one.coversAll) return 'every address of every network';
  return one.networks.map((part) => formatRanges(part.ranges)).join(', ');
}

const columns: readonly Column<AssetGroup>[] = [
  {
    key: 'name',
    title: 'Name',
    width: 'minmax(120px, 1fr)',
    cell: (one) => <span className="pk-truncate">{one.name}</span>,
  },
  {
    key: 'addresses',
    title: 'Addresses',
    width: 'minmax(130px, 2fr)',
    cell: (one) => <span className={one.coversAll ? 'pk-truncate' : 'pk-mono pk-truncate'}>{addresses(one)}</span>,
  },
  { key: 'unit', title: 'Business unit', width: '130px', wide: true, cell: (one) => one.businessUnitName ?? 'none' },
  {
    key: 'assets',
    title: 'Assets',
    width: '72px',
    right: true,
    cell: (one) => (
      <AppLink to={paths.assets} filters={{ assetGroupId: String(one.id) }}>
        {formatCount(one.assets)}
      </AppLink>
    ),
  },
  {
    key: 'appliances',
    title: 'Appliances',
    width: '92px',
    right: true,
    wide: true,
    cell: (one) => (one.coversAll ? 'all' : one.applianceIds.length),
  },
];

/** Settings: addresses with the appliances and people that belong to them. */
export function AssetGroupsPage() {
  const list = useList(assetGroup, '/asset-groups');
  const may = useMay();
  return (
    <ListPage
      title="Asset groups"
      noun="asset group"
      list={list}
      columns={columns}
      add={may.manage ? <NewButton name="group">New asset group</NewButton> : null}
      empty={{
        title: 'No asset group',
        sentence: may.manage
          ? 'People see and scan what is in their asset groups.'
          : 'You have no asset group, so every list is empty. Ask a Manager to give you one.',
        example: 'Plant Hamburg, 10.20.0.0/16, with its two appliances',
      }}
      renderPanel={(one, onClose) => <AssetGroupPanel group={one} onClose={onClose} />}
    >
      <NewDialog name="group">
        {(onClose) => (
          <FormDialog title="New asset group" size="lg" onClose={onClose}>
            <AssetGroupForm onDone={onClose} />
          </FormDialog>
        )}
      </NewDialog>
    </ListPage>
  );
}
