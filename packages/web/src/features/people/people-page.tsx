import { account } from '@picket/contracts/api/session';
import { lazy, Suspense } from 'react';
import type { z } from 'zod';
import { useList } from '../../shared/api/use-list.ts';
import { useMay } from '../../shared/api/use-session.ts';
import { Address } from '../../shared/components/address.tsx';
import { type Column, ListCount } from '../../shared/components/data-table.tsx';
import { EmptyState } from '../../shared/components/empty-state.tsx';
import { ListWithPanel } from '../../shared/components/list-with-panel.tsx';
import { NewButton, NewDialog } from '../../shared/components/new-dialog.tsx';
import { Page } from '../../shared/components/page.tsx';
import { FilterBar, FilterChips } from '../../shared/components/query-line.tsx';
import { Time } from '../../shared/components/time.tsx';
import { useFilters } from '../../shared/components/use-filters.ts';
import { roleWords } from '../../shared/format/words.ts';

// What is looked at now and then is not in the page's first load.
const AccountPanel = lazy(() => import('./account-panel.tsx').then((module) => ({ default: module.AccountPanel })));
const InvitationsView = lazy(() =>
  import('./invitations-view.tsx').then((module) => ({ default: module.InvitationsView })),
);
const NewPersonDialog = lazy(() =>
  import('./new-person-dialog.tsx').then((module) => ({ default: module.NewPersonDialog })),
);

type Account = z.infer<typeof account>;

const columns: readonly Column<Account>[] = [
  {
    key: 'name',
    title: 'Name',
    width: 'minmax(120px, 1.4fr)',
    cell: (one) => <span className="pk-truncate">{one.name}</span>,
  },
  { key: 'login', title: 'Login', width: 'minmax(90px, 1fr)', cell: (one) => <Address>{one.login}</Address> },
  { key: 'role', title: 'Role', width: '110px', cell: (one) => roleWords[one.role].label },
  { key: 'unit', title: 'Business unit', width: '130px', wide: true, cell: (one) => one.businessUnitName ?? 'none' },
  { key: 'state', title: 'State', width: '84px', wide: true, cell: (one) => (one.disabled ? 'Disabled' : 'Active') },
  { key: 'seen', title: 'Last sign-in', width: '110px', wide: true, cell: (one) => <Time at={one.lastSignInAt} /> },
];

/** Settings: who may sign in, and as what. */
export function PeoplePage() {
  const [filters, setFilters] = useFilters();
  const list = useList(account, '/accounts');
  const may = useMay();
  return (
    <Page
      title="People"
      fill
      about={<ListCount list={list} noun="account" />}
      actions={
        may.managePeople ? (
          <>
            <NewButton name="account" variant="default">
              New account
            </NewButton>
            <NewButton name="invitation">Invite</NewButton>
          </>
        ) : null
      }
    >
      <FilterBar>
        <FilterChips
          label="Show"
          single
          options={[{ value: 'invitations', label: 'Open invitations' }]}
          value={filters.view ?? ''}
          onChange={(view) => setFilters({ view, open: '' })}
        />
      </FilterBar>
      <Suspense fallback={null}>{filters.view === 'invitations' ? <InvitationsView /> : <Accounts />}</Suspense>
      {may.managePeople ? (
        <>
          <NewDialog name="account">{(onClose) => <NewPersonDialog how="account" onClose={onClose} />}</NewDialog>
          <NewDialog name="invitation">{(onClose) => <NewPersonDialog how="invitation" onClose={onClose} />}</NewDialog>
        </>
      ) : null}
    </Page>
  );
}

function Accounts() {
  const list = useList(account, '/accounts');
  return (
    <ListWithPanel
      label="Accounts"
      columns={columns}
      list={list}
      empty={<EmptyState title="No accounts" sentence="Nobody but you can sign in." />}
      renderPanel={(one, onClose) => <AccountPanel account={one} onClose={onClose} />}
    />
  );
}
