import { useMay } from '../../shared/api/use-session.ts';
import { Page } from '../../shared/components/page.tsx';
import { DeliveriesSection } from './deliveries-section.tsx';
import { MailServerSection } from './mail-server-section.tsx';
import { OwnChoice } from './own-choice.tsx';
import { WebhooksSection } from './webhooks-section.tsx';

/** Settings: who hears of what, by mail and webhook. */
export function NotificationsPage() {
  const may = useMay();
  return (
    <Page title="Notifications">
      <OwnChoice />
      {may.manage ? (
        <>
          <WebhooksSection />
          <MailServerSection />
          <DeliveriesSection />
        </>
      ) : null}
    </Page>
  );
}
