import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useState } from 'react';
import { ApiProvider } from '../shared/api/api-context.tsx';
import { ApiError } from '../shared/api/api-error.ts';
import { createApiClient } from '../shared/api/client.ts';
import { watchFirstToast } from '../shared/components/toasts.ts';
import { theme, variables } from '../shared/theme/theme.ts';
import { makeRouter } from './router.tsx';

/** The whole page: theme, cache, client, routes. */
export function App() {
  const [parts] = useState(() => {
    const queries = new QueryClient({
      defaultOptions: { queries: { staleTime: 5000, retry: shouldRetry, refetchOnWindowFocus: true } },
    });
    const api = createApiClient(
      window.fetch.bind(window),
      () => void queries.invalidateQueries({ queryKey: ['/session'] }),
    );
    return { queries, api, router: makeRouter() };
  });
  return (
    <MantineProvider theme={theme} cssVariablesResolver={variables} defaultColorScheme="auto">
      <QueryClientProvider client={parts.queries}>
        <ApiProvider value={parts.api}>
          <RouterProvider router={parts.router} />
          <Toasts />
        </ApiProvider>
      </QueryClientProvider>
    </MantineProvider>
  );
}

const ToastCorner = lazy(() => import('./toast-corner.tsx').then((module) => ({ default: module.ToastCorner })));

/** Loaded with the first message that there is to show. */
function Toasts() {
  const [wanted, setWanted] = useState(false);
  useEffect(() => watchFirstToast(() => setWanted(true)), []);
  return wanted ? (
    <Suspense fallback={null}>
      <ToastCorner />
    </Suspense>
  ) : null;
}

/** Asks again only when the platform was out of reach or overloaded, twice at most. */
function shouldRetry(failures: number, error: unknown): boolean {
  const status = error instanceof ApiError ? error.problem.status : 0;
  return failures < 2 && (status === 0 || status === 503);
}
