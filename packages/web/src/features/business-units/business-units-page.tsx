import { type BusinessUnit, businessUnit } from '@picket/contracts/api/people';
import { Button, Group, Modal, Stack, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { z } from 'zod';
import { fieldError } from '../../shared/api/api-error.ts';
import { useList } from '../../shared/api/use-list.ts';
import { useSend } from '../../shared/api/use-send.ts';
import { useMay } from '../../shared/api/use-session.ts';
import { ConfirmByName } from '../../shared/components/confirm-by-name.tsx';
import { type Column, DataTable, ListCount } from '../../shared/components/data-table.tsx';
import { EmptyState } from '../../shared/components/empty-state.tsx';
import { ErrorState } from '../../shared/components/error-state.tsx';
import { Fact, Facts } from '../../shared/components/facts.tsx';
import { Page, Split } from '../../shared/components/page.tsx';
import { SidePanel } from '../../shared/components/side-panel.tsx';
import { useFilters } from '../../shared/components/use-filters.ts';

const stale = ['/business-units', '/accounts', '/asset-groups'] as const;

const columns: readonly Column<BusinessUnit>[] = [
  {
    key: 'name',
    title: 'Name',
    width: 'minmax(120px, 2fr)',
    cell: (one) => <span className="pk-truncate">{one.name}</span>,
  },
  { key: 'people', title: 'People', width: '80px', right: true, cell: (one) => one.accounts },
  { key: 'groups', title: 'Asset groups', width: '110px', right: true, cell: (one) => one.assetGroups },
];

/** Settings: parts of the organisation with people and asset groups of their own. */
export function BusinessUnitsPage() {
  const [filters, setFilters] = useFilters();
  const list = useList(businessUnit, '/business-units');
  const may = useMay();
  const open = list.items.find((one) => String(one.id) === filters.open);
  const add = may.manage ? <Button onClick={() => setFilters({ new: 'unit' })}>New business unit</Button> : null;
  return (
    <Page title="Business units" fill about={<ListCount list={list} noun="business unit" />} actions={add}>
      <Split>
        <DataTable
          label="Business units"
          columns={columns}
          list={list}
          rowKey={(one) => one.id}
          openKey={open?.id ?? null}
          onOpen={(one) => setFilters({ open: String(one.id) })}
          empty={
            <EmptyState
              title="No business unit"
              sentence="A business unit has asset groups and people of its own, and Unit Managers who look after both. Small organisations need none."
              action={add}
              example="Plant Hamburg, with its asset groups and the people who scan there"
            />
          }
        />
        {open ? <UnitPanel key={open.id} unit={open} onClose={() => setFilters({ open: '' })} /> : null}
      </Split>
      {filters.new === 'unit' ? (
        <Modal opened onClose={() => setFilters({ new: '' })} title="New business unit" closeOnClickOutside={false}>
          <UnitForm onDone={() => setFilters({ new: '' })} />
        </Modal>
      ) : null}
    </Page>
  );
}

function UnitForm({ before, onDone }: { before?: BusinessUnit; onDone: () => void }) {
  const [values, setValues] = useState({ name: before?.name ?? '', comments: before?.comments ?? '' });
  const set = (change: Partial<typeof values>) => setValues((old) => ({ ...old, ...change }));
  const send = useSend({
    schema: businessUnit,
    method: before ? 'PUT' : 'POST',
    path: before ? `/business-units/${before.id}` : '/business-units',
    body: () => values,
    stale: [...stale],
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        send.mutate(undefined, { onSuccess: onDone });
      }}
    >
      <Stack gap="sm">
        <TextInput
          label="Name"
          value={values.name}
          onChange={(event) => set({ name: event.currentTarget.value })}
          error={fieldError(send.error, 'name')}
          autoComplete="off"
          data-autofocus
        />
        <Textarea
          label="Comments"
          description="Optional"
          autosize
          minRows={2}
          value={values.comments}
          onChange={(event) => set({ comments: event.currentTarget.value })}
          error={fieldError(send.error, 'comments')}
        />
        {send.error ? <ErrorState error={send.error} /> : null}
        <Group justify="flex-end">
          <Button type="submit" disabled={values.name.trim() === ''} loading={send.isPending}>
            {before ? 'Save business unit' : 'Make business unit'}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function UnitPanel({ unit: one, onClose }: { unit: BusinessUnit; onClose: () => void }) {
  const [dialog, setDialog] = useState<'edit' | 'delete' | null>(null);
  const may = useMay();
  const path = `/business-units/${one.id}`;
  const remove = useSend({ schema: z.unknown(), method: 'DELETE', path, stale: [...stale] });
  return (
    <SidePanel title={one.name} label="Business unit" onClose={onClose}>
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
        <Fact name="People">{one.accounts}</Fact>
        <Fact name="Asset groups">{one.assetGroups}</Fact>
        <Fact name="Comments">{one.comments === '' ? 'none' : one.comments}</Fact>
      </Facts>
      {dialog === 'edit' ? (
        <Modal opened onClose={() => setDialog(null)} title={`Edit ${one.name}`} closeOnClickOutside={false}>
          <UnitForm before={one} onDone={() => setDialog(null)} />
        </Modal>
      ) : null}
      {dialog === 'delete' ? (
        <ConfirmByName
          opened
          title="Delete this business unit?"
          consequence="It must have neither people nor asset groups any more."
          name={one.name}
          verb="Delete business unit"
          busy={remove.isPending}
          error={remove.error}
          onClose={() => setDialog(null)}
          onConfirm={() => remove.mutate(undefined, { onSuccess: onClose })}
        />
      ) : null}
    </SidePanel>
  );
}
