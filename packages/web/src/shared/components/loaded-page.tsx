import { problemOf } from '../api/api-error.ts';
import { AppLink } from './app-link.tsx';
import { EmptyState } from './empty-state.tsx';
import { ErrorState } from './error-state.tsx';
import { LateSkeleton, type Loading, Page } from './page.tsx';

/**
 * The page of one thing, once it is there. Where it is not it is a page all the same, with a heading, and says where to go on. `what`: such as
 * `scan`; `list`: where all of them are.
 */
export function LoadedPage<T>({
  query,
  what,
  list,
  children,
}: {
  query: Loading<T>;
  what: string;
  list: { readonly to: string; readonly label: string };
  children: (data: T) => React.ReactNode;
}) {
  if (query.data !== undefined) return <>{children(query.data)}</>;
  if (!query.error) return <LateSkeleton height={480} />;
  const { status } = problemOf(query.error);
  const isMissing = status === 404 || status === 400;
  if (isMissing) {
    return (
      <Page title={`No such ${what}`}>
        <EmptyState
          title={`There is no ${what} at this address`}
          sentence="It was deleted, it belongs to somebody else, or the address was not copied whole."
          action={<AppLink to={list.to}>{list.label}</AppLink>}
        />
      </Page>
    );
  }
  return (
    <Page title={`${what.charAt(0).toUpperCase()}${what.slice(1)} not loaded`}>
      <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      <AppLink to={list.to}>{list.label}</AppLink>
    </Page>
  );
}
