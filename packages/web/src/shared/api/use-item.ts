import { useQuery } from '@tanstack/react-query';
import type { z } from 'zod';
import { useApi } from './api-context.tsx';

/** Reads one thing. The query key is the path alone, so that live events can patch it. */
export function useItem<T extends z.ZodType>(
  schema: T,
  path: string,
  options: {
    readonly enabled?: boolean;
    /** How often to read again; by what was read last, false for never. */
    readonly refetchMs?: number | ((last: z.output<T> | undefined) => number | false);
  } = {},
) {
  const api = useApi();
  const { refetchMs = false } = options;
  return useQuery({
    queryKey: [path],
    queryFn: ({ signal }) => api.get(schema, path, {}, signal),
    enabled: options.enabled ?? true,
    refetchInterval: typeof refetchMs === 'function' ? (query) => refetchMs(query.state.data) : refetchMs,
  });
}
