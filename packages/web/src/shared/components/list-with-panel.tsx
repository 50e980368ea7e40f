import { Fragment, Suspense, useState } from 'react';
import { DataTable, type TableProps } from './data-table.tsx';
import { Split } from './page.tsx';
import { SidePanel } from './side-panel.tsx';
import { useFilters } from './use-filters.ts';

type Props<T> = Omit<TableProps<T>, 'rowKey' | 'openKey' | 'onOpen'> & {
  /** What is shown of the open row; may be loaded when the first one opens. */
  readonly renderPanel: (row: T, onClose: () => void) => React.ReactNode;
};

/** A table with the panel of its open row beside it. Which row is open stands in the URL. */
export function ListWithPanel<T extends { readonly id: number }>({ renderPanel, ...table }: Props<T>) {
  const [filters, setFilters] = useFilters();
  // What is open when the page begins came by a link; what is opened or made later comes into the list by itself.
  const [linked] = useState(filters.open);
  const open = table.list.items.find((one) => String(one.id) === filters.open);
  return (
    <Split>
      <DataTable
        {...table}
        rowKey={(one) => one.id}
        openKey={open?.id ?? null}
        onOpen={(one) => setFilters({ open: String(one.id) })}
      />
      <Suspense fallback={null}>
        {open === undefined &&
        filters.open &&
        filters.open === linked &&
        !table.list.loading &&
        table.list.items.length > 0 ? (
          <SidePanel title="Not in this list" label="Not in this list" onClose={() => setFilters({ open: '' })}>
            {table.list.hasMore
              ? 'The link leads to an entry that a filter hides, that is further down, or that is gone. Search or scroll for it.'
              : 'The link leads to an entry that a filter hides, that is gone, or that you may not see.'}
          </SidePanel>
        ) : null}
        {open ? <Fragment key={open.id}>{renderPanel(open, () => setFilters({ open: '' }))}</Fragment> : null}
      </Suspense>
    </Split>
  );
}
