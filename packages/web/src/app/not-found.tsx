import { AppLink } from '../shared/components/app-link.tsx';
import { EmptyState } from '../shared/components/empty-state.tsx';
import { Page } from '../shared/components/page.tsx';
import { paths } from '../shared/paths.ts';

/** An address that leads nowhere. */
export function NotFound() {
  return (
    <Page title="Not found">
      <EmptyState
        title="There is no such page"
        sentence="The address may be mistyped, or what it showed was deleted."
        action={<AppLink to={paths.overview}>Go to the overview</AppLink>}
      />
    </Page>
  );
}
