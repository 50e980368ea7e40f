import { type Tag, tag } from '@picket/contracts/api/tag';
import { Button, Modal } from '@mantine/core';
import { useList } from '../../shared/api/use-list.ts';
import { useMay } from '../../shared/api/use-session.ts';
import { AppLink } from '../../shared/components/app-link.tsx';
import { type Column, DataTable, ListCount } from '../../shared/components/data-table.tsx';
import { EmptyState } from '../../shared/components/empty-state.tsx';
import { Page, Split } from '../../shared/components/page.tsx';
import { Time } from '../../shared/components/time.tsx';
import { useFilters } from '../../shared/components/use-filters.ts';
import { paths } from '../../shared/paths.ts';
import { kindText } from './rule-words.ts';
import { TagForm } from './tag-form.tsx';
import { TagPanel } from './tag-panel.tsx';

const columns: readonly Column<Tag>[] = [
  {
    key: 'name',
    title: 'Name',
    width: 'minmax(110px, 1fr)',
    cell: (one) => <span className="pk-truncate">{one.name}</span>,
  },
  {
    key: 'kind',
    title: 'Given',
    width: 'minmax(120px, 3fr)',
    cell: (one) => <span className="pk-truncate">{kindText(one)}</span>,
  },
  { key: 'at', title: 'Changed', width: '130px', wide: true, cell: (one) => <Time at={one.updatedAt} /> },
];

/** Assets: names for them, by hand and by rule, to filter and to scan by. */
export function TagsPage() {
  const [filters, setFilters] = useFilters();
  const list = useList(tag, '/tags');
  const may = useMay();
  const open = list.items.find((one) => String(one.id) === filters.open);
  const add = may.manage ? <Button onClick={() => setFilters({ new: 'tag' })}>New tag</Button> : null;
  return (
    <Page
      title="Tags"
      fill
      about={
        <>
          <ListCount list={list} noun="tag" /> <AppLink to={paths.assets}>Assets</AppLink>
        </>
      }
      actions={add}
    >
      <Split>
        <DataTable
          label="Tags"
          columns={columns}
          list={list}
          rowKey={(one) => one.id}
          openKey={open?.id ?? null}
          onOpen={(one) => setFilters({ open: String(one.id) })}
          empty={
            <EmptyState
              title="No tag yet"
              sentence="A tag names assets, by hand or by a rule; the list of assets filters by it, and scans take it as a target."
              action={add}
              example="Printers: open port 9100"
            />
          }
        />
        {open ? <TagPanel key={open.id} tag={open} onClose={() => setFilters({ open: '' })} /> : null}
      </Split>
      {filters.new === 'tag' ? (
        <Modal opened onClose={() => setFilters({ new: '' })} title="New tag" size="lg">
          <TagForm onDone={(saved) => setFilters({ new: '', open: String(saved.id) })} />
        </Modal>
      ) : null}
    </Page>
  );
}
