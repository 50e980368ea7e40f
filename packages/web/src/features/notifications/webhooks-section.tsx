import { trialResult, type Webhook, webhook } from '@picket/contracts/api/notification';
import { Button, Group, Switch } from '@mantine/core';
import { lazy, useState } from 'react';
import { useList } from '../../shared/api/use-list.ts';
import { useSend } from '../../shared/api/use-send.ts';
import { ConfirmDelete } from '../../shared/components/confirm-delete.tsx';
import { DialogButton } from '../../shared/components/dialog-button.tsx';
import { EmptyState } from '../../shared/components/empty-state.tsx';
import { ErrorState } from '../../shared/components/error-state.tsx';
import { Fact, Facts } from '../../shared/components/facts.tsx';
import { FormDialog } from '../../shared/components/form-dialog.tsx';
import { Section } from '../../shared/components/page.tsx';
import { Time } from '../../shared/components/time.tsx';
import { Trial } from '../../shared/components/trial.tsx';
import { plural } from '../../shared/format/number.ts';
import { kindWords } from './kind-choice.tsx';

const NewWebhook = lazy(() => import('./webhook-form.tsx').then((module) => ({ default: module.NewWebhook })));
const EditWebhook = lazy(() => import('./webhook-form.tsx').then((module) => ({ default: module.EditWebhook })));

const stale = ['/webhooks', '/deliveries'];

/** For Managers: programs that hear of what happens. */
export function WebhooksSection() {
  const [adding, setAdding] = useState(false);
  const list = useList(webhook, '/webhooks');
  const add = <Button onClick={() => setAdding(true)}>New webhook</Button>;
  return (
    <Section title="Webhooks" actions={list.items.length > 0 ? add : null}>
      {list.error ? <ErrorState error={list.error} onRetry={list.retry} /> : null}
      {!list.loading && !list.error && list.items.length === 0 ? (
        <EmptyState
          title="No webhook yet"
          sentence="A webhook sends what happens to a program of yours, signed, as JSON over HTTPS."
          action={add}
          example="https://chat.example.org/hooks/picket"
        />
      ) : null}
      {list.items.map((one) => (
        <One key={one.id} hook={one} />
      ))}
      {adding ? (
        <FormDialog title="New webhook" onClose={() => setAdding(false)}>
          <NewWebhook onDone={() => setAdding(false)} />
        </FormDialog>
      ) : null}
    </Section>
  );
}

function One({ hook }: { hook: Webhook }) {
  const change = useSend({
    schema: webhook,
    method: 'PATCH',
    path: `/webhooks/${hook.id}`,
    body: (enabled: boolean) => ({ enabled }),
    stale,
  });
  const trial = useSend({ schema: trialResult, method: 'POST', path: `/webhooks/${hook.id}/test`, stale: [] });
  return (
    <section aria-label={hook.name} style={{ marginBottom: 16 }}>
      <Facts>
        <Fact name="Name">{hook.name}</Fact>
        <Fact name="URL">
          <span className="pk-mono" style={{ overflowWrap: 'anywhere' }}>
            {hook.url}
          </span>
        </Fact>
        <Fact name="Tells of">{hook.kinds.map(kindWords).join('; ') || 'nothing'}</Fact>
        <Fact name="Last success">
          <Time at={hook.lastSuccess} />
        </Fact>
        {hook.dead > 0 ? <Fact name="Given up">{plural(hook.dead, 'message')}</Fact> : null}
        {hook.lastError ? <Fact name="Last error">{hook.lastError}</Fact> : null}
      </Facts>
      <Group gap="sm" mt="xs">
        <Switch
          label="On"
          aria-label={`${hook.name} is on`}
          checked={hook.enabled}
          onChange={(event) => change.mutate(event.currentTarget.checked)}
        />
        <Button variant="default" loading={trial.isPending} onClick={() => trial.mutate()}>
          Send sample
        </Button>
        <DialogButton label="Edit">
          {(close) => (
            <FormDialog title={`Edit ${hook.name}`} onClose={close}>
              <EditWebhook hook={hook} onDone={close} />
            </FormDialog>
          )}
        </DialogButton>
        <DialogButton label="Delete">
          {(close) => (
            <ConfirmDelete
              what="webhook"
              consequence="Nothing more is sent to it, and what waits for it is dropped."
              name={hook.name}
              path={`/webhooks/${hook.id}`}
              stale={stale}
              onClose={close}
            />
          )}
        </DialogButton>
      </Group>
      {trial.data ? <Trial result={trial.data} /> : null}
      {(trial.error ?? change.error) ? <ErrorState error={trial.error ?? change.error} /> : null}
    </section>
  );
}
