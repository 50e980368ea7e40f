import { ErrorState } from '../shared/components/error-state.tsx';
import { Page } from '../shared/components/page.tsx';

/** A page that broke: said in place, the rest of the interface stays. */
export function RouteError({ error, reset }: { error: unknown; reset: () => void }) {
  return (
    <Page title="This page broke">
      <ErrorState error={error} onRetry={reset} />
    </Page>
  );
}
