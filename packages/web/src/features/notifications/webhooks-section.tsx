import { trialResult, type Webhook, webhook } from '@picket/contracts/api/notification';
import { Button, Group, Modal, Switch } from '@mantine/core';
import { useState } from 'react';
import { z } from 'zod';
import { useList } from '../../shared/api/use-list.ts';
import { useSend } from '../../shared/api/use-send.ts';
import { ConfirmByName } from '../../shared/components/confirm-by-name.tsx';
import { EmptyState } from '../../shared/components/empty-state.tsx';
import { ErrorState } from '../../shared/components/error-state.tsx';
import { Fact, Facts } from '../../shared/components/facts.tsx';
import { Section } from '../../shared/components/page.tsx';
import { Time } from '../../shared/components/time.tsx';
import { plural } from '../../shared/format/number.ts';
import { kindWords } from './kind-choice.tsx';
import { NewWebhook } from './new-webhook.tsx';
import { Trial } from '../../shared/components/trial.tsx';

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
        <Modal opened onClose={() => setAdding(false)} title="New webhook" closeOnClickOutside={false}>
          <NewWebhook onDone={() => setAdding(false)} />
        </Modal>
      ) : null}
    </Section>
  );
}

function One({ hook }: { hook: Webhook }) {
  const [asking, setAsking] = useState(false);
  const change = useSend({
    schema: webhook,
    method: 'PATCH',
    path: `/webhooks/${hook.id}`,
    body: (enabled: boolean) => ({ enabled }),
    stale,
  });
  const trial = useSend({ schema: trialResult, method: 'POST', path: `/webhooks/${hook.id}/test`, stale: [] });
  const remove = useSend({ schema: z.unknown(), method: 'DELETE', path: `/webhooks/${hook.id}`, stale });
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
        <Button variant="default" onClick={() => setAsking(true)}>
          Delete
        </Button>
      </Group>
      {trial.data ? <Trial result={trial.data} /> : null}
      {(trial.error ?? change.error) ? <ErrorState error={trial.error ?? change.error} /> : null}
      {asking ? (
        <ConfirmByName
          opened
          title="Delete this webhook?"
          consequence="Nothing more is sent to it, and what waits for it is dropped."
          name={hook.name}
          verb="Delete webhook"
          busy={remove.isPending}
          error={remove.error}
          onClose={() => setAsking(false)}
          onConfirm={() => remove.mutate(undefined, { onSuccess: () => setAsking(false) })}
        />
      ) : null}
    </section>
  );
}
