import { type OptionProfile, optionProfile, scanOptions } from '@picket/contracts/api/option-profile';
import { lazy } from 'react';
import { useList } from '../../shared/api/use-list.ts';
import { useMay } from '../../shared/api/use-session.ts';
import { AppLink } from '../../shared/components/app-link.tsx';
import type { Column } from '../../shared/components/data-table.tsx';
import { FormDialog } from '../../shared/components/form-dialog.tsx';
import { ListPage } from '../../shared/components/list-page.tsx';
import { NewButton, NewDialog } from '../../shared/components/new-dialog.tsx';
import { useFilters } from '../../shared/components/use-filters.ts';
import { paths } from '../../shared/paths.ts';
import { checksText, whoseText } from './option-words.ts';

// Not of the first load: each is asked for with a click.
const OptionProfileForm = lazy(() =>
  import('./option-profile-form.tsx').then((module) => ({ default: module.OptionProfileForm })),
);
const OptionProfilePanel = lazy(() =>
  import('./option-profile-panel.tsx').then((module) => ({ default: module.OptionProfilePanel })),
);

const text = (shown: string) => <span className="pk-truncate">{shown}</span>;

const columns: readonly Column<OptionProfile>[] = [
  { key: 'name', title: 'Name', width: 'minmax(110px, 2fr)', cell: (one) => text(one.name) },
  { key: 'whose', title: 'For', width: 'minmax(110px, 1fr)', cell: (one) => text(whoseText(one)) },
  { key: 'profile', title: 'Intensity', width: '90px', cell: (one) => one.options.profile },
  {
    key: 'ports',
    title: 'Ports',
    width: 'minmax(100px, 1fr)',
    wide: true,
    cell: (one) => <span className="pk-mono pk-truncate">{one.options.ports}</span>,
  },
  {
    key: 'checks',
    title: 'Looks for',
    width: 'minmax(140px, 2fr)',
    wide: true,
    cell: (one) => text(checksText(one.options)),
  },
  { key: 'version', title: 'Version', width: '72px', right: true, wide: true, cell: (one) => one.version },
  { key: 'schedules', title: 'Schedules', width: '86px', right: true, wide: true, cell: (one) => one.schedules },
];

/** Scans: saved options, to be chosen by name in New scan and in schedules. */
export function OptionProfilesPage() {
  const [, setFilters] = useFilters();
  const list = useList(optionProfile, '/option-profiles');
  const may = useMay();
  return (
    <ListPage
      title="Option profiles"
      noun="option profile"
      about={<AppLink to={paths.scans}>Scans</AppLink>}
      list={list}
      columns={columns}
      add={may.scan ? <NewButton name="profile">New option profile</NewButton> : null}
      empty={{
        title: 'No option profile',
        sentence: 'Ports, intensity, checks and rate under a name, for New scan and schedules.',
        example: 'Printers: gentle, ports 80,443,631,9100, no checks',
      }}
      renderPanel={(one, onClose) => (
        <OptionProfilePanel profile={one} onClose={onClose} onSaved={(id) => setFilters({ open: String(id) })} />
      )}
    >
      <NewDialog name="profile">
        {(onClose, onMade) => (
          <FormDialog title="New option profile" size="lg" onClose={onClose}>
            <OptionProfileForm name="" options={scanOptions.parse({})} onDone={(saved) => onMade(saved.id)} />
          </FormDialog>
        )}
      </NewDialog>
    </ListPage>
  );
}
