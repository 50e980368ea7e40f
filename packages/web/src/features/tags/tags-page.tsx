import { type Tag, tag } from '@picket/contracts/api/tag';
import { lazy } from 'react';
import { useList } from '../../shared/api/use-list.ts';
import { useMay } from '../../shared/api/use-session.ts';
import { AppLink } from '../../shared/components/app-link.tsx';
import type { Column } from '../../shared/components/data-table.tsx';
import { FormDialog } from '../../shared/components/form-dialog.tsx';
import { ListPage } from '../../shared/components/list-page.tsx';
import { NewButton, NewDialog } from '../../shared/components/new-dialog.tsx';
import { Time } from '../../shared/components/time.tsx';
import { paths } from '../../shared/paths.ts';
import { kindText } from './rule-words.ts';

// Not of the first load: each is asked for with a click.
const TagForm = lazy(() => import('./tag-form.tsx').then((module) => ({ default: module.TagForm })));
const TagPanel = lazy(() => import('./tag-panel.tsx').then((module) => ({ default: module.TagPanel })));

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
  const list = useList(tag, '/tags');
  const may = useMay();
  return (
    <ListPage
      title="Tags"
      noun="tag"
      about={<AppLink to={paths.assets}>Assets</AppLink>}
      list={list}
      columns={columns}
      add={may.manage ? <NewButton name="tag">New tag</NewButton> : null}
      empty={{
        title: 'No tag yet',
        sentence:
          'A tag names assets, by hand or by a rule; the list of assets filters by it, and scans take it as a target.',
        example: 'Printers: open port 9100',
      }}
      renderPanel={(one, onClose) => <TagPanel tag={one} onClose={onClose} />}
    >
      <NewDialog name="tag">
        {(onClose, onMade) => (
          <FormDialog title="New tag" size="lg" onClose={onClose}>
            <TagForm onDone={(saved) => onMade(saved.id)} />
          </FormDialog>
        )}
      </NewDialog>
    </ListPage>
  );
}
