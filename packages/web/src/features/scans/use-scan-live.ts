import type { LiveEvent, ScanDetail } from '@picket/contracts/api/scan';
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import type { ListData } from '../../shared/api/use-list.ts';
import { useLive } from '../../shared/live/use-live.ts';
import { addFinding, emptyFeed, type Feed, type LedgerRow, patchLedger, releaseFeed } from './live-patch.ts';

/** Least time between two reads of the scan's own figures while events pour in, milliseconds. */
const refreshMs = 2000;

/** Every so many of these reads the whole ledger as shown. */
const wholeLedgerRounds = 3;

/** Follows one scan: patches what the page shows as events come, and keeps the feed of findings. */
export function useScanLive(id: number, active: boolean) {
  const queries = useQueryClient();
  const [feed, setFeed] = useState<Feed>(emptyFeed);
  const hold = useRef(false);
  const dirty = useRef(false);
  const path = `/scans/${id}`;

  useEffect(() => {
    let round = 0;
    const timer = setInterval(() => {
      if (!dirty.current) return;
      dirty.current = false;
      void queries.invalidateQueries({ queryKey: [path] });
      void queries.invalidateQueries({ queryKey: [`${path}/hosts`] });
      // Counts of a row change without an event of its own: all rows are read anew now and then.
      round += 1;
      const all = round % wholeLedgerRounds === 0;
      void queries.invalidateQueries({
        queryKey: [`${path}/ledger`],
        predicate: (query) => all || isFiltered(query.queryKey),
      });
    }, refreshMs);
    return () => clearInterval(timer);
  }, [queries, path]);

  const readAnew = useCallback(() => {
    for (const part of ['', '/ledger', '/hosts']) {
      void queries.invalidateQueries({ queryKey: [`${path}${part}`] });
    }
  }, [queries, path]);
  const onEvent = (event: LiveEvent) => {
    dirty.current = true;
    if (event.type === 'hold') void queries.invalidateQueries({ queryKey: ['/hold'] });
    else if (event.type === 'scan' && event.scan.id === id) {
      queries.setQueryData<ScanDetail>([path], (before) => (before ? { ...before, ...event.scan } : before));
    } else if (event.type === 'ledger' && event.scanId === id) {
      for (const kind of ['host', 'block'] as const) {
        queries.setQueriesData<ListData<LedgerRow>>(
          { queryKey: [`${path}/ledger`, { kind }], predicate: (query) => !isFiltered(query.queryKey) },
          (data) => patchLedger(data, event.rows, kind),
        );
      }
    } else if (event.type === 'finding' && event.scanId === id) {
      setFeed((before) => addFinding(before, event, hold.current));
    }
  };
  const connection = useLive(active ? `${path}/stream` : null, { onEvent, onReturn: readAnew });
  // The last events may come after the end was told.
  useEffect(() => {
    if (!active) readAnew();
  }, [active, readAnew]);
  return {
    connection,
    feed,
    /** Tell whether the pointer is on the feed: nothing moves under it. */
    setHold(over: boolean) {
      hold.current = over;
    },
    release: () => setFeed(releaseFeed),
  };
}

/** A list of one unit state: rows enter and leave it, so it is read anew instead of patched. */
function isFiltered(key: readonly unknown[]): boolean {
  const filter = key[1];
  return typeof filter === 'object' && filter !== null && 'state' in filter && filter.state !== undefined;
}
