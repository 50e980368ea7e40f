import { type AssetGroup, assetGroup } from '@picket/contracts/api/people';
import { Button, Modal } from '@mantine/core';
import { useState } from 'react';
import { z } from 'zod';
import { useList } from '../../shared/api/use-list.ts';
import { useSend } from '../../shared/api/use-send.ts';
import { useMay } from '../../shared/api/use-session.ts';
import { AppLink } from '../../shared/components/app-link.tsx';
import { ConfirmByName } from '../../shared/components/confirm-by-name.tsx';
import { type Column, DataTable, ListCount } from '../../shared/components/data-table.tsx';
import { EmptyState } from '../../shared/components/empty-state.tsx';
import { Fact, Facts } from '../../shared/components/facts.tsx';
import { Page, Split } from '../../shared/components/page.tsx';
import { SidePanel } from '../../shared/components/side-panel.tsx';
import { useFilters } from '../../shared/components/use-filters.ts';
import { formatCount } from '../../shared/format/number.ts';
import { formatRanges, formatRangeText } from '../../shared/format/range.ts';
import { paths } from '../../shared/paths.ts';
import { AssetGroupForm } from './asset-group-form.tsx';

function addresses(one: AssetGroup): string {
  if (one.coversAll) return 'every address of every network';
  return one.networks.map((part) => formatRanges(part.ranges)).join(', ');
}

const columns: readonly Column<AssetGroup>[] = [
  {
    key: 'name',
    title: 'Name',
    width: 'minmax(120px, 1fr)',
    cell: (one) => <span className="pk-truncate">{one.name}</span>,
  },
  {
    key: 'addresses',
    title: 'Addresses',
    width: 'minmax(130px, 2fr)',
    cell: (one) => <span className={one.coversAll ? 'pk-truncate' : 'pk-mono pk-truncate'}>{addresses(one)}</span>,
  },
  { key: 'unit', title: 'Business unit', width: '130px', wide: true, cell: (one) => one.businessUnitName ?? 'none' },
  {
    key: 'assets',
    title: 'Assets',
    width: '72px',
    right: true,
    cell: (one) => (
      <AppLink to={paths.assets} filters={{ assetGroupId: String(one.id) }}>
        {formatCount(one.assets)}
      </AppLink>
    ),
  },
  {
    key: 'appliances',
    title: 'Appliances',
    width: '92px',
    right: true,
    wide: true,
    cell: (one) => (one.coversAll ? 'all' : one.applianceIds.length),
  },
];

/** Settings: addresses with the appliances and people that belong to them. */
export function AssetGroupsPage() {
  const [filters, setFilters] = useFilters();
  const list = useList(assetGroup, '/asset-groups');
  const may = useMay();
  const open = list.items.find((one) => String(one.id) === filters.open);
  const add = may.manage ? <Button onClick={() => setFilters({ new: 'group' })}>New asset group</Button> : null;
  return (
    <Page title="Asset groups" fill about={<ListCount list={list} noun="asset group" />} actions={add}>
      <Split>
        <DataTable
          label="Asset groups"
          columns={columns}
          list={list}
          rowKey={(one) => one.id}
          openKey={open?.id ?? null}
          onOpen={(one) => setFilters({ open: String(one.id) })}
          empty={
            <EmptyState
              title="No asset group"
              sentence={
                may.manage
                  ? 'People see and scan what is in their asset groups.'
                  : 'You have no asset group, so every list is empty. Ask a Manager to give you one.'
              }
              action={add}
              example="Plant Hamburg, 10.20.0.0/16, with its two appliances"
            />
          }
        />
        {open ? <GroupPanel key={open.id} group={open} onClose={() => setFilters({ open: '' })} /> : null}
      </Split>
      {filters.new === 'group' ? (
        <Modal
          opened
          onClose={() => setFilters({ new: '' })}
          title="New asset group"
          size="lg"
          closeOnClickOutside={false}
        >
          <AssetGroupForm onDone={() => setFilters({ new: '' })} />
        </Modal>
      ) : null}
    </Page>
  );
}

function GroupPanel({ group: one, onClose }: { group: AssetGroup; onClose: () => void }) {
  const [dialog, setDialog] = useState<'edit' | 'delete' | null>(null);
  const may = useMay();
  const remove = useSend({
    schema: z.unknown(),
    method: 'DELETE',
    path: `/asset-groups/${one.id}`,
    stale: ['/asset-groups', '/business-units', '/accounts', '/appliances'],
  });
  return (
    <SidePanel title={one.name} label="Asset group" onClose={onClose}>
      {may.manage && !one.coversAll ? (
        <Button.Group mb="md">
          <Button variant="default" onClick={() => setDialog('edit')}>
            Edit
          </Button>
          <Button variant="default" onClick={() => setDialog('delete')}>
            Delete
          </Button>
        </Button.Group>
      ) : null}
      <Facts>
        {one.coversAll ? <Fact name="Addresses">every address of every network</Fact> : null}
        {one.networks.map((part) => (
          <Fact key={part.networkId} name={part.networkName}>
            {part.ranges.map((range) => (
              <div key={range} className="pk-mono">
                {formatRangeText(range)}
              </div>
            ))}
            {part.exclusions.length === 0 ? null : <>except {formatRanges(part.exclusions)}</>}
          </Fact>
        ))}
        <Fact name="Assets">{formatCount(one.assets)}</Fact>
        <Fact name="Business unit">{one.businessUnitName ?? 'none'}</Fact>
        <Fact name="Appliances">{one.coversAll ? 'all' : one.applianceIds.length}</Fact>
        {may.readPeople ? <Fact name="People">{one.accountIds.length}</Fact> : null}
        <Fact name="Comments">{one.comments === '' ? 'none' : one.comments}</Fact>
      </Facts>
      {dialog === 'edit' ? (
        <Modal opened onClose={() => setDialog(null)} title={`Edit ${one.name}`} size="lg" closeOnClickOutside={false}>
          <AssetGroupForm before={one} onDone={() => setDialog(null)} />
        </Modal>
      ) : null}
      {dialog === 'delete' ? (
        <ConfirmByName
          opened
          title="Delete this asset group?"
          consequence={`Its assets stay. ${one.accountIds.length} people lose it: who has no other group sees nothing any more.`}
          name={one.name}
          verb="Delete asset group"
          busy={remove.isPending}
          error={remove.error}
          onClose={() => setDialog(null)}
          onConfirm={() => remove.mutate(undefined, { onSuccess: onClose })}
        />
      ) : null}
    </SidePanel>
  );
}
