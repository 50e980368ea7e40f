import { appliance, type Appliance } from '@picket/contracts/api/appliance';
import { Button } from '@mantine/core';
import { lazy, Suspense, useState } from 'react';
import { useList } from '../../shared/api/use-list.ts';
import { useFeatures, useMay } from '../../shared/api/use-session.ts';
import { ApplianceStatus } from '../../shared/appliances/appliance-status.tsx';
import { Address } from '../../shared/components/address.tsx';
import { type Column, ListCount } from '../../shared/components/data-table.tsx';
import { EmptyState } from '../../shared/components/empty-state.tsx';
import { ListWithPanel } from '../../shared/components/list-with-panel.tsx';
import { NewButton, NewDialog } from '../../shared/components/new-dialog.tsx';
import { Page } from '../../shared/components/page.tsx';
import { pickedAfter } from '../../shared/components/picked-after.ts';
import { Time } from '../../shared/components/time.tsx';
import { NotKnown } from '../../shared/components/unknown.tsx';
import { useFilters } from '../../shared/components/use-filters.ts';
import { workWord } from './appliance-words.ts';
import type { NewApplianceKind } from './new-appliance-menu.tsx';

// Not of the first load: each is asked for with a click.
const AppliancePanel = lazy(() =>
  import('./appliance-panel.tsx').then((module) => ({ default: module.AppliancePanel })),
);
const BulkBar = lazy(() => import('./bulk-bar.tsx').then((module) => ({ default: module.BulkBar })));
const ActivateDialog = lazy(() =>
  import('./new-appliance-dialogs.tsx').then((module) => ({ default: module.ActivateDialog })),
);
const ProvisionDialog = lazy(() =>
  import('./new-appliance-dialogs.tsx').then((module) => ({ default: module.ProvisionDialog })),
);
const VirtualImageDialog = lazy(() =>
  import('./virtual-image-dialog.tsx').then((module) => ({ default: module.VirtualImageDialog })),
);
const NewApplianceMenu = lazy(() =>
  import('./new-appliance-menu.tsx').then((module) => ({ default: module.NewApplianceMenu })),
);

const columns: readonly Column<Appliance>[] = [
  { key: 'status', title: 'Status', width: '116px', cell: (one) => <ApplianceStatus appliance={one} /> },
  { key: 'name', title: 'Name', width: 'minmax(110px, 1.4fr)', cell: (one) => <Address>{one.name}</Address> },
  { key: 'kind', title: 'Kind', width: '84px', wide: true, cell: (one) => one.kind ?? <NotKnown>none yet</NotKnown> },
  { key: 'busy', title: 'Work', width: '116px', wide: true, cell: (one) => workWord(one) },
  {
    key: 'lan',
    title: 'LAN IP',
    width: 'minmax(100px, 1fr)',
    wide: true,
    cell: (one) => (one.lanAddress ? <Address>{one.lanAddress}</Address> : <NotKnown />),
  },
  {
    key: 'versions',
    title: 'Versions',
    width: 'minmax(120px, 1.2fr)',
    wide: true,
    cell: (one) => <Versions appliance={one} />,
  },
  {
    key: 'capacity',
    title: 'Free',
    width: '64px',
    right: true,
    wide: true,
    cell: (one) => (one.availablePercent === null ? <NotKnown>–</NotKnown> : `${one.availablePercent} %`),
  },
  { key: 'contact', title: 'Last contact', width: '96px', cell: (one) => <Time at={one.lastContact} /> },
];

function Versions({ appliance: one }: { appliance: Appliance }) {
  if (one.softwareVersion === null) return <NotKnown />;
  return (
    <span className="pk-truncate">
      <span className="pk-mono">{one.softwareVersion}</span>{' '}
      {one.upToDate === null ? null : one.upToDate ? '✓ up to date' : 'update waiting'}
    </span>
  );
}

/** Are my eyes open? List with a preview pane; New for both kinds. */
export function AppliancesPage() {
  const [, setFilters] = useFilters();
  const list = useList(appliance, '/appliances', {}, { refetchMs: 10_000 });
  const may = useMay();
  const { virtualAppliances } = useFeatures();
  const [picked, setPicked] = useState<ReadonlySet<string | number>>(new Set());
  const chosen = list.items.filter((one) => picked.has(one.id));
  return (
    <Page
      title="Appliances"
      fill
      about={<ListCount list={list} noun="appliance" />}
      actions={may.manageAppliances ? <NewAppliance onChoose={(dialog) => setFilters({ new: dialog })} /> : null}
    >
      {may.manageAppliances && chosen.length > 0 ? (
        <Suspense fallback={null}>
          <BulkBar picked={chosen} onClear={() => setPicked(new Set())} />
        </Suspense>
      ) : null}
      <ListWithPanel
        label="Appliances"
        columns={columns}
        list={list}
        dim={(one) => one.state === 'provisioned'}
        rowName={(one) => one.name}
        picked={picked}
        onPick={(keys, on) => setPicked((before) => pickedAfter(before, keys, on))}
        empty={
          <EmptyState
            title="No appliance yet"
            sentence="An appliance sits in a network and scans it. It calls the platform; nothing has to call it."
            action={
              may.manageAppliances ? (
                <NewButton name={virtualAppliances ? 'virtual' : 'appliance'}>
                  {virtualAppliances ? 'New virtual scanner' : 'New scanner appliance'}
                </NewButton>
              ) : null
            }
            example="one appliance per site, close to its targets"
          />
        }
        renderPanel={(one, onClose) => <AppliancePanel appliance={one} onClose={onClose} />}
      />
      {may.manageAppliances ? (
        <>
          <NewDialog name="appliance">{(onClose) => <ActivateDialog onClose={onClose} />}</NewDialog>
          <NewDialog name="virtual">{(onClose) => <ProvisionDialog onClose={onClose} />}</NewDialog>
          <NewDialog name="image">{(onClose) => <VirtualImageDialog onClose={onClose} />}</NewDialog>
        </>
      ) : null}
    </Page>
  );
}

/** Loads its menu when it is first asked for, open then. */
function NewAppliance({ onChoose }: { onChoose: (dialog: NewApplianceKind) => void }) {
  const [asked, setAsked] = useState(false);
  const button = (
    <Button aria-haspopup="menu" onClick={() => setAsked(true)}>
      New appliance
    </Button>
  );
  return asked ? (
    <Suspense fallback={button}>
      <NewApplianceMenu onChoose={onChoose} />
    </Suspense>
  ) : (
    button
  );
}
