import type { List } from '../api/use-list.ts';
import { type Column, ListCount } from './data-table.tsx';
import { EmptyState } from './empty-state.tsx';
import { ListWithPanel } from './list-with-panel.tsx';
import { Page } from './page.tsx';

interface Props<T> {
  /** Heading of the page, and the name of its table. */
  readonly title: string;
  /** One thing of the list, in the singular. */
  readonly noun: string;
  /** Beside the count: a link to the place that the list belongs to. */
  readonly about?: React.ReactNode;
  /** The button that makes a new one; null for people who may not. Stands in the heading, and in the middle of an empty list. */
  readonly add: React.ReactNode;
  readonly list: List<T>;
  readonly columns: readonly Column<T>[];
  /** What an empty list says: it teaches what belongs here. */
  readonly empty: { readonly title: string; readonly sentence: string; readonly example: string };
  readonly renderPanel: (row: T, onClose: () => void) => React.ReactNode;
  /** The dialogs in which a new one is made: who may not has no use for a link to them. */
  readonly children?: React.ReactNode;
}

/** A page that is one list: its heading with the count and the button for a new one, the table, the panel of the open row. */
export function ListPage<T extends { readonly id: number }>(props: Props<T>) {
  const { title, noun, about, add, list, columns, empty, renderPanel, children } = props;
  return (
    <Page
      title={title}
      fill
      about={
        <>
          <ListCount list={list} noun={noun} /> {about}
        </>
      }
      actions={add}
    >
      <ListWithPanel
        label={title}
        columns={columns}
        list={list}
        empty={<EmptyState {...empty} action={add} />}
        renderPanel={renderPanel}
      />
      {add === null ? null : children}
    </Page>
  );
}
