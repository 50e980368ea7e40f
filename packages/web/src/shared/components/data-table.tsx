import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { List } from '../api/use-list.ts';
import { plural } from '../format/number.ts';
import classes from './data-table.module.css';
import { ErrorState } from './error-state.tsx';
import { fittingColumns } from './fitting-columns.ts';
import { LateSkeleton } from './page.tsx';
import { rowAction } from './row-focus.ts';

/** One column. */
export interface Column<T> {
  readonly key: string;
  readonly title: string;
  readonly cell: (row: T) => React.ReactNode;
  /** CSS grid track, e.g. `minmax(120px, 2fr)`. */
  readonly width: string;
  /** Left out where there is no room; `first` before the others. */
  readonly wide?: boolean | 'first';
  /** The server can sort by it: value of `sort`. */
  readonly sort?: string;
  readonly right?: boolean;
}

/** What a table needs. */
export interface TableProps<T> {
  readonly label: string;
  readonly columns: readonly Column<T>[];
  readonly list: Pick<List<T>, 'items' | 'total' | 'error' | 'loading' | 'hasMore' | 'loadMore' | 'retry'>;
  readonly rowKey: (row: T) => string | number;
  readonly onOpen?: ((row: T) => void) | undefined;
  /** Key of the row whose panel is open. */
  readonly openKey?: string | number | null;
  readonly sort?: string | undefined;
  readonly onSort?: ((sort: string) => void) | undefined;
  readonly empty: React.ReactNode;
  /** Pixels; without it the table takes the room that its place leaves. */
  readonly maxHeight?: number;
  /** Rows picked for the bulk bar: by their checkbox or `x`, from one to another with Shift. */
  readonly picked?: ReadonlySet<string | number>;
  readonly onPick?: (keys: readonly (string | number)[], on: boolean) => void;
  /** What the checkbox of a row is called; without it there are none. */
  readonly rowName?: (row: T) => string;
  /** Rows that can't do anything yet. */
  readonly dim?: (row: T) => boolean;
  readonly rowHeight?: number;
  readonly onPointerOver?: (over: boolean) => void;
}

/** Virtualised table: sticky header, sorted by the server, read on by cursor, a row opens its side panel. */
export function DataTable<T>(props: TableProps<T>) {
  const { list } = props;
  if (list.error && list.items.length === 0) return <ErrorState error={list.error} onRetry={list.retry} />;
  if (list.loading) return <LateSkeleton height={props.maxHeight ?? 320} />;
  if (list.items.length === 0) return <div className={`pk-card ${classes.empty}`}>{props.empty}</div>;
  return <Rows {...props} />;
}

function Rows<T>(props: TableProps<T>) {
  const { list } = props;
  const rowHeight = props.rowHeight ?? 32;
  const scroller = useRef<HTMLDivElement>(null);
  const columns = useFitting(scroller, props);
  const [active, setActive] = useState(0);
  const anchor = useRef<number | null>(null);
  const count = list.items.length;
  // oxlint-disable-next-line react/incompatible-library -- the compiler is not used, and the returned functions are only called while rendering
  const rows = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
    initialRect: { width: 0, height: 600 },
    // The sticky header takes its height from the view.
    scrollPaddingEnd: 34,
  });
  const shown = rows.getVirtualItems();
  useReadOn(shown.at(-1)?.index ?? 0, count, list);

  function focusRow(index: number): void {
    setActive(index);
    rows.scrollToIndex(index);
    const row = () => scroller.current?.querySelector<HTMLElement>(`[data-index="${index}"]`);
    const rendered = row();
    // At once where possible, so that the next key finds the focus in place.
    if (rendered) rendered.focus({ preventScroll: true });
    else requestAnimationFrame(() => row()?.focus({ preventScroll: true }));
  }
  function onKeyDown(event: React.KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || !isRow(event.target)) return;
    const action = rowAction(event.key, active, count, 12);
    const row = list.items[active];
    if (!action || !row) return;
    event.preventDefault();
    if (action.kind === 'move') focusRow(action.to);
    else if (action.kind === 'open') props.onOpen?.(row);
    else pick(active, event.shiftKey);
  }
  /** Picks or puts back one row, or with Shift all from the row picked last to this one. */
  function pick(index: number, range: boolean): void {
    const row = list.items[index];
    if (row === undefined) return;
    const from = range ? (anchor.current ?? index) : index;
    const on = range || props.picked?.has(props.rowKey(row)) !== true;
    anchor.current = index;
    props.onPick?.(list.items.slice(Math.min(from, index), Math.max(from, index) + 1).map(props.rowKey), on);
  }
  useFirstKey(focusRow, Math.min(active, count - 1));

  const box = hasBox(props) ? [`${boxWidth}px`] : [];
  const tracks = [...box, ...columns.map((column) => column.width)].join(' ');
  const style = {
    '--tracks': tracks,
    ...(props.maxHeight === undefined ? {} : { maxHeight: props.maxHeight }),
  };
  return (
    <div
      className={`pk-card ${classes.table}`}
      data-fill={props.maxHeight === undefined}
      style={style}
      role="grid"
      tabIndex={-1}
      aria-label={props.label}
      aria-rowcount={(list.total ?? count) + 1}
      ref={scroller}
      onKeyDown={onKeyDown}
      onPointerEnter={() => props.onPointerOver?.(true)}
      onPointerLeave={() => props.onPointerOver?.(false)}
    >
      <Header {...props} columns={columns} />
      <div style={{ height: rows.getTotalSize(), position: 'relative' }} role="rowgroup">
        {shown.map((item) => {
          const row = list.items[item.index];
          if (row === undefined) return null;
          const key = props.rowKey(row);
          return (
            <div
              key={key}
              role="row"
              data-index={item.index}
              aria-rowindex={item.index + 2}
              aria-selected={props.picked?.has(key) === true || props.openKey === key}
              tabIndex={item.index === Math.min(active, count - 1) ? 0 : -1}
              className={classes.row}
              data-open={props.onOpen !== undefined}
              data-dim={props.dim?.(row) ?? false}
              style={{ height: rowHeight, transform: `translateY(${item.start}px)` }}
              onFocus={() => setActive(item.index)}
              onClick={(event) => {
                if (!isControl(event.target)) props.onOpen?.(row);
              }}
            >
              {props.onPick && props.rowName ? (
                <div role="gridcell" className={classes.pick}>
                  <input
                    type="checkbox"
                    tabIndex={-1}
                    aria-label={`Pick ${props.rowName(row)}`}
                    checked={props.picked?.has(key) === true}
                    onChange={({ nativeEvent }) =>
                      pick(item.index, nativeEvent instanceof MouseEvent && nativeEvent.shiftKey)
                    }
                  />
                </div>
              ) : null}
              {columns.map((column) => (
                <div key={column.key} role="gridcell" className={classes.cell} data-right={column.right ?? false}>
                  {column.cell(row)}
                </div>
              ))}
            </div>
          );
        })}
      </div>
    </div>
  );
}

function Header<T>(props: Pick<TableProps<T>, 'columns' | 'sort' | 'onSort' | 'onPick' | 'rowName'>) {
  const { columns, sort, onSort } = props;
  return (
    <div role="rowgroup" className={classes.header}>
      <div role="row" className={classes.headerRow} aria-rowindex={1}>
        {hasBox(props) ? <div role="columnheader" aria-label="Picked" /> : null}
        {columns.map((column) => {
          const { sort: key } = column;
          const sortable = key !== undefined && onSort !== undefined;
          return (
            <div
              key={column.key}
              role="columnheader"
              className={classes.cell}
              data-right={column.right ?? false}
              {...(sortable && sort === key ? { 'aria-sort': 'other' as const } : {})}
            >
              {sortable ? (
                <button type="button" className={classes.sort} data-on={sort === key} onClick={() => onSort(key)}>
                  {column.title}
                </button>
              ) : (
                column.title
              )}
            </div>
          );
        })}
      </div>
    </div>
  );
}

/** Width of the checkbox before a row, pixels. */
const boxWidth = 24;

function hasBox<T>(props: Pick<TableProps<T>, 'onPick' | 'rowName'>): boolean {
  return props.onPick !== undefined && props.rowName !== undefined;
}

/** The columns that have room in the table as wide as it is now. */
function useFitting<T>(
  scroller: React.RefObject<HTMLDivElement | null>,
  props: Pick<TableProps<T>, 'columns' | 'onPick' | 'rowName'>,
): readonly Column<T>[] {
  const [width, setWidth] = useState<number | null>(null);
  useLayoutEffect(() => {
    const table = scroller.current;
    if (!table) return;
    // oxlint-disable-next-line react/set-state-in-effect -- the width is known only here, and what is painted first must be what fits
    setWidth(table.clientWidth);
    const observer = new ResizeObserver(() => setWidth(table.clientWidth));
    observer.observe(table);
    return () => observer.disconnect();
  }, [scroller]);
  return width === null ? props.columns : fittingColumns(props.columns, width, hasBox(props) ? boxWidth + 12 : 0);
}

/** How long the whole list is: `4,210 assets`; `noun` in the singular. */
export function ListCount({ list, noun }: { list: Pick<List<unknown>, 'items' | 'total'>; noun: string }) {
  if (list.total === null) return null;
  return <span aria-live="polite">{plural(list.total, noun)}</span>;
}

function isRow(target: EventTarget): boolean {
  return (
    target instanceof HTMLElement && (target.getAttribute('role') === 'row' || target.getAttribute('role') === 'grid')
  );
}

function isControl(target: EventTarget): boolean {
  return target instanceof Element && target.closest('a, button, input') !== null;
}

function useReadOn(last: number, count: number, list: { hasMore: boolean; loadMore: () => void }): void {
  useEffect(() => {
    if (list.hasMore && last >= count - 20) list.loadMore();
  }, [last, count, list]);
}

/** `j` with nothing focused enters the list. */
function useFirstKey(focusRow: (index: number) => void, active: number): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'j' || document.activeElement !== document.body) return;
      event.preventDefault();
      focusRow(active);
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  });
}
