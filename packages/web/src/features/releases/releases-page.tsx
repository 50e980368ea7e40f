import { type Release, release } from '@picket/contracts/api/release';
import { Button, Modal } from '@mantine/core';
import { useList } from '../../shared/api/use-list.ts';
import { useMay } from '../../shared/api/use-session.ts';
import { type Column, DataTable, ListCount } from '../../shared/components/data-table.tsx';
import { EmptyState } from '../../shared/components/empty-state.tsx';
import { Page, Split } from '../../shared/components/page.tsx';
import { Time } from '../../shared/components/time.tsx';
import { useFilters } from '../../shared/components/use-filters.ts';
import { formatBytes } from '../../shared/format/number.ts';
import { PublishForm } from './publish-form.tsx';
import { ReleasePanel } from './release-panel.tsx';

const columns: readonly Column<Release>[] = [
  { key: 'kind', title: 'Kind', width: '90px', cell: (one) => one.kind },
  {
    key: 'version',
    title: 'Version',
    width: '120px',
    cell: (one) => <span className="pk-mono">{one.version}</span>,
  },
  {
    key: 'name',
    title: 'Name',
    width: 'minmax(120px, 1fr)',
    wide: true,
    cell: (one) => <span className="pk-truncate">{one.name}</span>,
  },
  { key: 'state', title: 'State', width: '100px', cell: (one) => one.state },
  { key: 'bytes', title: 'Size', width: '90px', right: true, wide: true, cell: (one) => formatBytes(one.bytes) },
  { key: 'published', title: 'Published', width: '140px', wide: true, cell: (one) => <Time at={one.publishedAt} /> },
];

/** Settings: what appliances install. */
export function ReleasesPage() {
  const [filters, setFilters] = useFilters();
  const list = useList(release, '/releases');
  const may = useMay();
  const open = list.items.find((one) => String(one.id) === filters.open);
  const publish = may.manage ? <Button onClick={() => setFilters({ new: 'release' })}>Publish release</Button> : null;
  return (
    <Page title="Releases" fill about={<ListCount list={list} noun="release" />} actions={publish}>
      <Split>
        <DataTable
          label="Releases"
          columns={columns}
          list={list}
          rowKey={(one) => one.id}
          openKey={open?.id ?? null}
          onOpen={(one) => setFilters({ open: String(one.id) })}
          empty={
            <EmptyState
              title="No release yet"
              sentence="Appliances use what they came with until you publish signed content or software."
              action={publish}
              example="picket release publish content.bundle"
            />
          }
        />
        {open ? <ReleasePanel key={open.id} release={open} onClose={() => setFilters({ open: '' })} /> : null}
      </Split>
      {filters.new === 'release' ? (
        <Modal opened onClose={() => setFilters({ new: '' })} title="Publish release">
          <PublishForm onDone={() => setFilters({ new: '' })} />
        </Modal>
      ) : null}
    </Page>
  );
}
