import { network } from '@picket/contracts/api/network';
import type { z } from 'zod';
import { useList } from '../../shared/api/use-list.ts';
import { useMay } from '../../shared/api/use-session.ts';
import { AppLink } from '../../shared/components/app-link.tsx';
import type { Column } from '../../shared/components/data-table.tsx';
import { FormDialog } from '../../shared/components/form-dialog.tsx';
import { ListPage } from '../../shared/components/list-page.tsx';
import { NewButton, NewDialog } from '../../shared/components/new-dialog.tsx';
import { formatCount } from '../../shared/format/number.ts';
import { formatRanges } from '../../shared/format/range.ts';
import { NetworkForm } from '../../shared/networks/network-form.tsx';
import { paths } from '../../shared/paths.ts';
import { NetworkPanel } from './network-panel.tsx';

type Network = z.infer<typeof network>;

const columns: readonly Column<Network>[] = [
  {
    key: 'name',
    title: 'Name',
    width: 'minmax(120px, 1fr)',
    cell: (one) => <span className="pk-truncate">{one.name}</span>,
  },
  {
    key: 'ranges',
    title: 'Ranges',
    width: 'minmax(130px, 2fr)',
    cell: (one) => <span className="pk-mono pk-truncate">{formatRanges(one.ranges)}</span>,
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
    key: 'assets',
    title: 'Assets',
    width: '72px',
    right: true,
    cell: (one) => (
      <AppLink to={paths.assets} filters={{ networkId: String(one.id) }}>
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
    cell: (one) => one.applianceIds.length,
  },
  {
    key: 'public',
    title: 'Public ranges',
    width: '120px',
    wide: true,
    cell: (one) => (one.authorization ? 'authorized' : 'none'),
  },
];

/** Settings: the networks that may be scanned. */
export function NetworksPage() {
  const list = useList(network, '/networks');
  const may = useMay();
  return (
    <ListPage
      title="Networks"
      noun="network"
      list={list}
      columns={columns}
      add={may.manage ? <NewButton name="network">Register network</NewButton> : null}
      empty={{
        title: 'No network yet',
        sentence: 'Only registered ranges can be scanned; a network is a place with its own addresses.',
        example: 'Head office, 10.0.0.0/16',
      }}
      renderPanel={(one, onClose) => <NetworkPanel network={one} onClose={onClose} />}
    >
      <NewDialog name="network">
        {(onClose) => (
          <FormDialog title="Register network" size="lg" onClose={onClose}>
            <NetworkForm onDone={onClose} />
          </FormDialog>
        )}
      </NewDialog>
    </ListPage>
  );
}
