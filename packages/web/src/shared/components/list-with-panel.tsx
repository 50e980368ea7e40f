import { Fragment, Suspense } from 'react';
import { DataTable, type TableProps } from './data-table.tsx';
import { Split } from './page.tsx';
import { useFilters } from './use-filters.ts';

type Props<T> = Omit<TableProps<T>, 'rowKey' | 'openKey' | 'onOpen'> & {
  /** What is shown of the open row; may be loaded when the first one opens. */
  readonly renderPanel: (row: T, onClose: () => void) => React.ReactNode;
};

/** A table with the panel of its open row beside it. Which row is open stands in the URL. */
export function ListWithPanel<T extends { readonly id: number }>({ renderPanel, ...table }: Props<T>) {
  const [filters, setFilters] = useFilters();
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
        {open ? <Fragment key={open.id}>{renderPanel(open, () => setFilters({ open: '' }))}</Fragment> : null}
      </Suspense>
    </Split>
  );
}
