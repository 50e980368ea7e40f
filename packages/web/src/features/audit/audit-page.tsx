import { auditEntry } from '@picket/contracts/api/session';
import type { z } from 'zod';
import { useList } from '../../shared/api/use-list.ts';
import { Address } from '../../shared/components/address.tsx';
import type { Column } from '../../shared/components/data-table.tsx';
import { EmptyState } from '../../shared/components/empty-state.tsx';
import { Fact, Facts } from '../../shared/components/facts.tsx';
import { ListWithPanel } from '../../shared/components/list-with-panel.tsx';
import { Page } from '../../shared/components/page.tsx';
import { SidePanel } from '../../shared/components/side-panel.tsx';
import { ExactTime, Time } from '../../shared/components/time.tsx';
import { useFilters } from '../../shared/components/use-filters.ts';
import { plural } from '../../shared/format/number.ts';
import { AuditFilters, auditFilterOf } from './audit-filters.tsx';
import classes from './audit.module.css';

type Entry = z.infer<typeof auditEntry>;

const columns: readonly Column<Entry>[] = [
  {
    key: 'at',
    title: 'Time',
    width: 'minmax(84px, 188px)',
    cell: (one) => (
      <>
        <span className={classes.exact}>
          <ExactTime at={one.at} />
        </span>
        <span className={classes.short}>
          <Time at={one.at} />
        </span>
      </>
    ),
  },
  { key: 'actor', title: 'Who', width: 'minmax(72px, 1fr)', cell: (one) => <Address>{one.actor}</Address> },
  { key: 'action', title: 'Did what', width: 'minmax(120px, 1.4fr)', cell: (one) => <Address>{one.action}</Address> },
  {
    key: 'subject',
    title: 'To what',
    width: 'minmax(90px, 1fr)',
    wide: true,
    cell: (one) => <Address>{one.subject}</Address>,
  },
  {
    key: 'detail',
    title: 'Details',
    width: 'minmax(120px, 2fr)',
    wide: true,
    cell: (one) => <span className="pk-truncate">{detailText(one)}</span>,
  },
  { key: 'address', title: 'From', width: '120px', wide: true, cell: (one) => <Address>{one.address}</Address> },
];

function detailText(entry: Entry): string {
  return Object.entries(entry.detail)
    .map(([key, value]) => `${key}: ${value ?? 'none'}`)
    .join(', ');
}

/** Who did what to what, when and from where. */
export function AuditPage() {
  const [filters, setFilters] = useFilters();
  const list = useList(auditEntry, '/audit', auditFilterOf(filters));
  const filtered = ['actor', 'action', 'from', 'to'].some((name) => filters[name]);
  return (
    <Page title="Audit log" fill about={list.total === null ? null : plural(list.total, 'entry', 'entries')}>
      <AuditFilters filters={filters} onChange={(change) => setFilters(change, { replace: true })} />
      <ListWithPanel
        label="Audit log"
        columns={columns}
        list={list}
        empty={
          filtered ? (
            <EmptyState
              title="Nothing matches"
              sentence="No entry fits these filters. A beginning such as account. finds all of a kind."
            />
          ) : (
            <EmptyState
              title="Nothing yet"
              sentence="Every change that a person or an appliance makes is written here."
            />
          )
        }
        renderPanel={(one, onClose) => (
          <SidePanel title={one.action} label="Audit entry" onClose={onClose}>
            <Facts>
              <Fact name="Time">
                <ExactTime at={one.at} />
              </Fact>
              <Fact name="Who">
                <Address>{one.actor}</Address>
              </Fact>
              <Fact name="To what">
                <Address>{one.subject}</Address>
              </Fact>
              <Fact name="From">
                <Address>{one.address ?? 'the platform itself'}</Address>
              </Fact>
              {Object.entries(one.detail).map(([key, value]) => (
                <Fact key={key} name={key}>
                  {String(value ?? 'none')}
                </Fact>
              ))}
            </Facts>
          </SidePanel>
        )}
      />
    </Page>
  );
}
