import { type OptionProfile, optionProfile, scanOptions } from '@picket/contracts/api/option-profile';
import { Button, Modal } from '@mantine/core';
import { useList } from '../../shared/api/use-list.ts';
import { useMay } from '../../shared/api/use-session.ts';
import { AppLink } from '../../shared/components/app-link.tsx';
import { type Column, DataTable, ListCount } from '../../shared/components/data-table.tsx';
import { EmptyState } from '../../shared/components/empty-state.tsx';
import { Page, Split } from '../../shared/components/page.tsx';
import { useFilters } from '../../shared/components/use-filters.ts';
import { paths } from '../../shared/paths.ts';
import { OptionProfileForm } from './option-profile-form.tsx';
import { OptionProfilePanel } from './option-profile-panel.tsx';
import { checksText, whoseText } from './option-words.ts';

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
  const [filters, setFilters] = useFilters();
  const list = useList(optionProfile, '/option-profiles');
  const may = useMay();
  const open = list.items.find((one) => String(one.id) === filters.open);
  const add = may.scan ? <Button onClick={() => setFilters({ new: 'profile' })}>New option profile</Button> : null;
  return (
    <Page
      title="Option profiles"
      fill
      about={
        <>
          <ListCount list={list} noun="option profile" /> <AppLink to={paths.scans}>Scans</AppLink>
        </>
      }
      actions={add}
    >
      <Split>
        <DataTable
          label="Option profiles"
          columns={columns}
          list={list}
          rowKey={(one) => one.id}
          openKey={open?.id ?? null}
          onOpen={(one) => setFilters({ open: String(one.id) })}
          empty={
            <EmptyState
              title="No option profile"
              sentence="Ports, intensity, checks and rate under a name, for New scan and schedules."
              action={add}
              example="Printers: gentle, ports 80,443,631,9100, no checks"
            />
          }
        />
        {open ? (
          <OptionProfilePanel
            key={open.id}
            profile={open}
            onClose={() => setFilters({ open: '' })}
            onSaved={(id) => setFilters({ open: String(id) })}
          />
        ) : null}
      </Split>
      {filters.new === 'profile' ? (
        <Modal opened onClose={() => setFilters({ new: '' })} title="New option profile" size="lg">
          <OptionProfileForm
            name=""
            options={scanOptions.parse({})}
            onDone={(saved) => setFilters({ new: '', open: String(saved.id) })}
          />
        </Modal>
      ) : null}
    </Page>
  );
}
