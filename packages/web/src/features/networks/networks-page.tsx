import { network } from '@picket/contracts/api/network';
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
import { Time } from '../../shared/components/time.tsx';
import { useFilters } from '../../shared/components/use-filters.ts';
import { formatCount } from '../../shared/format/number.ts';
import { formatRanges, formatRangeText } from '../../shared/format/range.ts';
import { NetworkForm } from '../../shared/networks/network-form.tsx';
import { paths } from '../../shared/paths.ts';

type Network = z.infer<typeof network>;

const columns: readonly Column<Network>[] = [
  {
    key: 'name',
    title: 'Name',
    width: 'minmax(120px, 1fr)',
    cell: (one) => <span className="pk-truncate">{one.name}</span>,
  },
  {
    key: 'ranges',
    title: 'Ranges',
    width: 'minmax(130px, 2fr)',
    cell: (one) => <span className="pk-mono pk-truncate">{formatRanges(one.ranges)}</span>,
  },
  {
    key: 'addresses',
    title: 'Addresses',
    width: '110px',
    right: true,
    wide: true,
    cell: (one) => formatCount(one.addresses),
  },
  {
    key: 'assets',
    title: 'Assets',
    width: '72px',
    right: true,
    cell: (one) => (
      <AppLink to={paths.assets} filters={{ networkId: String(one.id) }}>
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
    cell: (one) => one.applianceIds.length,
  },
  {
    key: 'public',
    title: 'Public ranges',
    width: '120px',
    wide: true,
    cell: (one) => (one.authorization ? 'authorized' : 'none'),
  },
];

/** Settings: the networks that may be scanned. */
export function NetworksPage() {
  const [filters, setFilters] = useFilters();
  const list = useList(network, '/networks');
  const may = useMay();
  const open = list.items.find((one) => String(one.id) === filters.open);
  const add = may.manage ? <Button onClick={() => setFilters({ new: 'network' })}>Register network</Button> : null;
  return (
    <Page title="Networks" fill about={<ListCount list={list} noun="network" />} actions={add}>
      <Split>
        <DataTable
          label="Networks"
          columns={columns}
          list={list}
          rowKey={(one) => one.id}
          openKey={open?.id ?? null}
          onOpen={(one) => setFilters({ open: String(one.id) })}
          empty={
            <EmptyState
              title="No network yet"
              sentence="Only registered ranges can be scanned; a network is a place with its own addresses."
              action={add}
              example="Head office, 10.0.0.0/16"
            />
          }
        />
        {open ? <NetworkPanel key={open.id} network={open} onClose={() => setFilters({ open: '' })} /> : null}
      </Split>
      {filters.new === 'network' ? (
        <Modal opened onClose={() => setFilters({ new: '' })} title="Register network" size="lg">
          <NetworkForm onDone={() => setFilters({ new: '' })} />
        </Modal>
      ) : null}
    </Page>
  );
}

function NetworkPanel({ network: one, onClose }: { network: Network; onClose: () => void }) {
  const [dialog, setDialog] = useState<'edit' | 'delete' | null>(null);
  const may = useMay();
  const remove = useSend({
    schema: z.unknown(),
    method: 'DELETE',
    path: `/networks/${one.id}`,
    stale: ['/networks', '/session', '/overview'],
  });
  return (
    <SidePanel title={one.name} label="Network" onClose={onClose}>
      {may.manage ? (
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
        <Fact name="Ranges">
          {one.ranges.map((range) => (
            <div key={range} className="pk-mono">
              {formatRangeText(range)}
            </div>
          ))}
        </Fact>
        <Fact name="Exclusions">
          {one.exclusions.length === 0
            ? 'none'
            : one.exclusions.map((range) => (
                <div key={range} className="pk-mono">
                  {formatRangeText(range)}
                </div>
              ))}
        </Fact>
        <Fact name="Addresses">{formatCount(one.addresses)}</Fact>
        <Fact name="Authorization">
          {one.authorization ? (
            <>
              “{one.authorization.statement}” {one.authorization.by}, <Time at={one.authorization.at} />
            </>
          ) : (
            'not needed: no public ranges'
          )}
        </Fact>
      </Facts>
      {dialog === 'edit' ? (
        <Modal opened onClose={() => setDialog(null)} title={`Edit ${one.name}`} size="lg">
          <NetworkForm before={one} onDone={() => setDialog(null)} />
        </Modal>
      ) : null}
      {dialog === 'delete' ? (
        <ConfirmByName
          opened
          title="Delete this network?"
          consequence="Its ranges can no longer be scanned, and its assets go with it."
          name={one.name}
          verb="Delete network"
          busy={remove.isPending}
          error={remove.error}
          onClose={() => setDialog(null)}
          onConfirm={() => remove.mutate(undefined, { onSuccess: onClose })}
        />
      ) : null}
    </SidePanel>
  );
}
