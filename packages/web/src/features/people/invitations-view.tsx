import { type Invitation, invitation } from '@picket/contracts/api/invitation';
import { useList } from '../../shared/api/use-list.ts';
import { useMay } from '../../shared/api/use-session.ts';
import { Address } from '../../shared/components/address.tsx';
import type { Column } from '../../shared/components/data-table.tsx';
import { EmptyState } from '../../shared/components/empty-state.tsx';
import { ListWithPanel } from '../../shared/components/list-with-panel.tsx';
import { NewButton } from '../../shared/components/new-dialog.tsx';
import { Time } from '../../shared/components/time.tsx';
import { roleWords } from '../../shared/format/words.ts';
import { InvitationPanel } from './invitation-panel.tsx';

const columns: readonly Column<Invitation>[] = [
  {
    key: 'name',
    title: 'Name',
    width: 'minmax(120px, 1.4fr)',
    cell: (one) => <span className="pk-truncate">{one.name}</span>,
  },
  { key: 'login', title: 'Login', width: 'minmax(90px, 1fr)', cell: (one) => <Address>{one.login}</Address> },
  { key: 'role', title: 'Role', width: '110px', cell: (one) => roleWords[one.role].label },
  { key: 'by', title: 'Invited by', width: '130px', wide: true, cell: (one) => <Address>{one.invitedBy}</Address> },
  {
    key: 'ends',
    title: 'Link ends',
    width: '120px',
    cell: (one) => (one.expired ? 'Has ended' : <Time at={one.expiresAt} />),
  },
];

/** People who were invited and have not accepted yet. */
export function InvitationsView() {
  const may = useMay();
  const list = useList(invitation, '/invitations');
  return (
    <ListWithPanel
      label="Open invitations"
      columns={columns}
      list={list}
      dim={(one) => one.expired}
      empty={
        <EmptyState
          title="No open invitations"
          sentence="Whoever is invited gets a link, and chooses a password of their own."
          action={may.managePeople ? <NewButton name="invitation">Invite</NewButton> : undefined}
        />
      }
      renderPanel={(one, onClose) => <InvitationPanel invitation={one} onClose={onClose} />}
    />
  );
}
