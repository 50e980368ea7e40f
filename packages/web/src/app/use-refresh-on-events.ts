import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { useLive } from '../shared/live/use-live.ts';

/** Least time between two refreshes of the lists, milliseconds. */
const refreshMs = 3000;

/** Place of one job: it follows a stream of its own. */
const scanPage = /^\/scans\/\d+$/;

/** Follows the platform's own stream: lists of scans, appliances and the overview stay current on any page. */
export function useRefreshOnEvents(pathname: string): void {
  const queries = useQueryClient();
  const stale = useRef(new Set<string>());
  useEffect(() => {
    const timer = setInterval(() => {
      for (const path of stale.current) void queries.invalidateQueries({ queryKey: [path] });
      stale.current.clear();
    }, refreshMs);
    return () => clearInterval(timer);
  }, [queries]);
  useLive(scanPage.test(pathname) ? null : '/stream', {
    onEvent(event) {
      // Placed or lifted: nobody should wait three seconds to see it.
      if (event.type === 'hold') {
        for (const path of ['/hold', '/scans', '/overview']) void queries.invalidateQueries({ queryKey: [path] });
        return;
      }
      stale.current.add('/overview');
      stale.current.add(event.type === 'appliance' ? '/appliances' : '/scans');
    },
    onReturn() {
      for (const path of ['/hold', '/overview', '/appliances', '/scans']) stale.current.add(path);
    },
  });
}
