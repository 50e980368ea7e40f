import { type MapAnswer, type MapHostItem, mapHostItem } from '@picket/contracts/api/map';
import { page } from '@picket/contracts/api/page';
import { useQueries } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useApi } from '../../shared/api/api-context.tsx';
import { drawnHosts } from './graph-layout.ts';

/** Maps up to this many hosts are drawn open at once. */
export const openAtOnce = 400;

const hostPage = page(mapHostItem);

/** Networks of the graph that show their hosts instead of counts. */
export interface OpenNetworks {
  /** Hosts by prefix, of the networks that are open and loaded. */
  readonly hosts: ReadonlyMap<string, readonly MapHostItem[]>;
  readonly isOpen: (prefix: string) => boolean;
  readonly toggle: (prefix: string) => void;
}

/** Which networks are open, with their hosts: all of a small map, of a big one those that were asked for. */
export function useOpenNetworks(map: MapAnswer): OpenNetworks {
  const api = useApi();
  const small = map.hosts <= openAtOnce;
  const [turned, setTurned] = useState<ReadonlySet<string>>(new Set());
  const drawable = map.networks.filter((network) => network.hosts > 0 && network.hosts <= drawnHosts);
  const open = drawable.map((network) => network.prefix).filter((prefix) => small !== turned.has(prefix));
  const path = `/maps/${map.job.id}/hosts`;
  const wanted = small
    ? open.length > 0
      ? [{ limit: 500 }]
      : []
    : open.map((network) => ({ network, limit: drawnHosts }));
  const items = useQueries({
    queries: wanted.map((filter) => ({
      queryKey: [path, 'graph', filter, map.hosts],
      queryFn: ({ signal }: { signal: AbortSignal }) => api.get(hostPage, path, filter, signal),
    })),
    combine: (results) => results.map((result) => result.data?.items),
  });
  const openKey = open.join();
  const hosts = useMemo(() => {
    const shown = new Set(openKey.split(','));
    const all = items.flatMap((page) => page ?? []).filter((host) => shown.has(host.network));
    return Map.groupBy(all, (host) => host.network);
  }, [items, openKey]);
  return {
    hosts,
    isOpen: (prefix) => open.includes(prefix),
    toggle: (prefix) =>
      setTurned(
        (before) => new Set(before.has(prefix) ? [...before].filter((one) => one !== prefix) : [...before, prefix]),
      ),
  };
}
