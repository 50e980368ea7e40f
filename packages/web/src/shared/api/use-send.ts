import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { z } from 'zod';
import { useApi } from './api-context.tsx';

/** One changing request: what to send where, and which cached paths it makes stale (by prefix). */
export interface SendSpec<T extends z.ZodType, V> {
  readonly schema: T;
  readonly method: 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string | ((values: V) => string);
  readonly body?: (values: V) => unknown;
  readonly stale: readonly string[];
}

/** Sends a change and refreshes what it touched. The error is an `ApiError`. */
export function useSend<T extends z.ZodType, V = void>(spec: SendSpec<T, V>) {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (values: V): Promise<z.output<T>> => {
      const path = typeof spec.path === 'string' ? spec.path : spec.path(values);
      return api.send(spec.schema, spec.method, path, spec.body ? spec.body(values) : undefined);
    },
    onSuccess: () =>
      queries.invalidateQueries({
        predicate: (query) => {
          const first = query.queryKey[0];
          return typeof first === 'string' && spec.stale.some((prefix) => first.startsWith(prefix));
        },
      }),
  });
}
