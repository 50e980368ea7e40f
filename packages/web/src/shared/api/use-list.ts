import { page } from '@picket/contracts/api/page';
import { type InfiniteData, keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { z } from 'zod';
import { useApi } from './api-context.tsx';
import type { QueryValues } from './client.ts';

/** Rows a request. */
const pageSize = 100;

/** A list as far as it was read, with the way to read on. */
export interface List<T> {
  readonly items: readonly T[];
  readonly total: number | null;
  readonly error: unknown;
  /** Nothing to show yet. */
  readonly loading: boolean;
  /** Rows of an older question are shown until the new answer is there. */
  readonly refreshing: boolean;
  readonly hasMore: boolean;
  readonly loadMore: () => void;
  readonly retry: () => void;
}

/** One page of a list as the cache holds it. */
export interface ListPage<T> {
  readonly items: T[];
  readonly nextCursor: string | null;
  readonly total: number;
}
export type ListData<T> = InfiniteData<ListPage<T>, string>;

/** Reads a cursor-paged list. The query key is the path, then the filter. */
export function useList<T extends z.ZodType>(
  item: T,
  path: string,
  filter: QueryValues = {},
  options: { readonly refetchMs?: number; readonly limit?: number; readonly enabled?: boolean } = {},
): List<z.output<T>> {
  const api = useApi();
  const schema = useMemo(() => page(item), [item]);
  const query = useInfiniteQuery({
    queryKey: [path, filter],
    queryFn: ({ pageParam, signal }) =>
      api.get(schema, path, { limit: options.limit ?? pageSize, ...filter, cursor: pageParam || undefined }, signal),
    initialPageParam: '',
    getNextPageParam: (last) => last.nextCursor,
    placeholderData: keepPreviousData,
    enabled: options.enabled ?? true,
    refetchInterval: options.refetchMs ?? false,
  });
  const items = useMemo(() => query.data?.pages.flatMap((one) => one.items) ?? [], [query.data]);
  return {
    items,
    total: query.data?.pages[0]?.total ?? null,
    error: query.error,
    loading: query.isPending,
    refreshing: query.isPlaceholderData,
    hasMore: query.hasNextPage,
    loadMore: () => {
      if (query.hasNextPage && !query.isFetchingNextPage) void query.fetchNextPage();
    },
    retry: () => void query.refetch(),
  };
}
