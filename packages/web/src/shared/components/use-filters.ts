import { useNavigate, useSearch } from '@tanstack/react-router';

/** All that a page keeps in its URL: plain texts by name. */
export type Filters = Readonly<Record<string, string | undefined>>;

/** Merges a change into filters; empty values disappear from the URL. Pure. */
export function mergeFilters(before: Filters, change: Filters): Filters {
  return Object.fromEntries(
    Object.entries({ ...before, ...change }).filter(([, value]) => value !== undefined && value !== ''),
  );
}

/** Reads a query string as plain texts: `?q=10` stays the text `10`. */
export function parseFilters(search: string): Filters {
  return Object.fromEntries(new URLSearchParams(search));
}

/** Writes what `parseFilters` reads. */
export function formatFilters(filters: Readonly<Record<string, unknown>>): string {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(filters))
    if (typeof value === 'string' && value !== '') params.set(key, value);
  const text = params.toString();
  return text === '' ? '' : `?${text}`;
}

/** The filters in the URL and a setter that keeps the rest. Typing replaces the history entry, choosing adds one. */
export function useFilters(): [Filters, (change: Filters, options?: { replace?: boolean }) => void] {
  const filters: Filters = useSearch({ strict: false });
  const navigate = useNavigate();
  return [
    filters,
    (change, options) => {
      void navigate({
        to: '.',
        search: (before: Filters) => mergeFilters(before, change),
        replace: options?.replace ?? false,
      });
    },
  ];
}
