import { account } from '@picket/contracts/api/session';
import { Button, Group, Modal, Stack } from '@mantine/core';
import { useState } from 'react';
import { z } from 'zod';
import { useList } from '../../shared/api/use-list.ts';
import { useSend } from '../../shared/api/use-send.ts';
import { useMay, useSession } from '../../shared/api/use-session.ts';
import { Address } from '../../shared/components/address.tsx';
import { type Column, DataTable, ListCount } from '../../shared/components/data-table.tsx';
import { EmptyState } from '../../shared/components/empty-state.tsx';
import { ErrorState } from '../../shared/components/error-state.tsx';
import { Fact, Facts } from '../../shared/components/facts.tsx';
import { FilterBar, FilterChips } from '../../shared/components/query-line.tsx';
import { Page, Split } from '../../shared/components/page.tsx';
import { SidePanel } from '../../shared/components/side-panel.tsx';
import { Time } from '../../shared/components/time.tsx';
import { useFilters } from '../../shared/components/use-filters.ts';
import { offerUndo } from '../../shared/components/undo-toast.tsx';
import { roleWords } from '../../shared/format/words.ts';
import { AccountSight } from './account-sight.tsx';
import { AccountSecurity } from './account-security.tsx';
import { DeleteAccountDialog, ResetPasswordDialog } from './account-dialogs.tsx';
import { EditAccountDialog } from './edit-account-dialog.tsx';
import { InvitationsView } from './invitations-view.tsx';
import { InviteForm } from './invite-form.tsx';
import { NewAccountForm } from './new-account-form.tsx';

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
            <Button variant="default" onClick={() => setFilters({ new: 'account' })}>
              New account
            </Button>
            <Button onClick={() => setFilters({ new: 'invitation' })}>Invite</Button>
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
      {filters.view === 'invitations' ? <InvitationsView /> : <Accounts />}
      {filters.new === 'account' ? (
        <Modal opened onClose={() => setFilters({ new: '' })} title="New account" closeOnClickOutside={false}>
          <NewAccountForm onDone={() => setFilters({ new: '' })} />
        </Modal>
      ) : null}
      {filters.new === 'invitation' ? (
        <Modal opened onClose={() => setFilters({ new: '' })} title="Invite somebody" closeOnClickOutside={false}>
          <InviteForm onDone={() => setFilters({ new: '' })} />
        </Modal>
      ) : null}
    </Page>
  );
}

function Accounts() {
  const [filters, setFilters] = useFilters();
  const list = useList(account, '/accounts');
  const open = list.items.find((one) => String(one.id) === filters.open);
  return (
    <Split>
      <DataTable
        label="Accounts"
        columns={columns}
        list={list}
        rowKey={(one) => one.id}
        openKey={open?.id ?? null}
        onOpen={(one) => setFilters({ open: String(one.id) })}
        empty={<EmptyState title="No accounts" sentence="Nobody but you can sign in." />}
      />
      {open ? <AccountPanel key={open.id} account={open} onClose={() => setFilters({ open: '' })} /> : null}
    </Split>
  );
}

function AccountPanel({ account: one, onClose }: { account: Account; onClose: () => void }) {
  const may = useMay();
  const [asked, setAsked] = useState<'edit' | 'password' | 'delete' | null>(null);
  const self = useSession().data?.user?.id === one.id;
  const update = useSend({
    schema: z.unknown(),
    method: 'PATCH',
    path: `/accounts/${one.id}`,
    body: (values: { disabled: boolean }) => values,
    stale: ['/accounts'],
  });
  function setDisabled(disabled: boolean): void {
    update.mutate(
      { disabled },
      {
        onSuccess: () =>
          offerUndo(`${one.login} is ${disabled ? 'disabled' : 'enabled'}`, () =>
            update.mutate({ disabled: !disabled }),
          ),
      },
    );
  }
  return (
    <SidePanel title={one.name} label="Account" onClose={onClose}>
      <Stack gap="md">
        <Facts>
          <Fact name="Login">
            <Address>{one.login}</Address>
          </Fact>
          <Fact name="Mail">{one.email ?? 'none'}</Fact>
          <Fact name="Role">
            {roleWords[one.role].label}: {roleWords[one.role].may.toLowerCase()}
          </Fact>
          <AccountSight account={one} />
          <Fact name="State">{one.disabled ? 'Disabled: cannot sign in' : 'Active'}</Fact>
          <Fact name="Created">
            <Time at={one.createdAt} />
          </Fact>
          <Fact name="Last sign-in">
            <Time at={one.lastSignInAt} />
          </Fact>
        </Facts>
        {update.error ? <ErrorState error={update.error} /> : null}
        {may.managePeople && !self ? (
          <Group gap="xs">
            <Button variant="default" onClick={() => setAsked('edit')}>
              Edit
            </Button>
            <Button variant="default" loading={update.isPending} onClick={() => setDisabled(!one.disabled)}>
              {one.disabled ? 'Enable account' : 'Disable account'}
            </Button>
            <Button variant="default" onClick={() => setAsked('password')}>
              Reset password
            </Button>
            <Button variant="default" onClick={() => setAsked('delete')}>
              Delete
            </Button>
          </Group>
        ) : null}
        {may.manage ? <AccountSecurity accountId={one.id} /> : null}
      </Stack>
      {asked === 'edit' ? <EditAccountDialog account={one} onClose={() => setAsked(null)} /> : null}
      {asked === 'password' ? <ResetPasswordDialog account={one} onClose={() => setAsked(null)} /> : null}
      {asked === 'delete' ? (
        <DeleteAccountDialog account={one} onClose={() => setAsked(null)} onGone={onClose} />
      ) : null}
    </SidePanel>
  );
}
