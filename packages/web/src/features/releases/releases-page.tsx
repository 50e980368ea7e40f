import { type Release, release } from '@picket/contracts/api/release';
import { useList } from '../../shared/api/use-list.ts';
import { useMay } from '../../shared/api/use-session.ts';
import type { Column } from '../../shared/components/data-table.tsx';
import { FormDialog } from '../../shared/components/form-dialog.tsx';
import { ListPage } from '../../shared/components/list-page.tsx';
import { NewButton, NewDialog } from '../../shared/components/new-dialog.tsx';
import { Time } from '../../shared/components/time.tsx';
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
  const list = useList(release, '/releases');
  const may = useMay();
  return (
    <ListPage
      title="Releases"
      noun="release"
      list={list}
      columns={columns}
      add={may.manage ? <NewButton name="release">Publish release</NewButton> : null}
      empty={{
        title: 'No release yet',
        sentence: 'Appliances use what they came with until you publish signed content or software.',
        example: 'picket release publish content.bundle',
      }}
      renderPanel={(one, onClose) => <ReleasePanel release={one} onClose={onClose} />}
    >
      <NewDialog name="release">
        {(onClose) => (
          <FormDialog title="Publish release" onClose={onClose}>
            <PublishForm onDone={onClose} />
          </FormDialog>
        )}
      </NewDialog>
    </ListPage>
  );
}
