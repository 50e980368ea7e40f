import { type SecurityPolicy, securityPolicy } from '@picket/contracts/api/sign-in';
import { Button, Group, NumberInput, Stack, Switch } from '@mantine/core';
import { useState } from 'react';
import { fieldError } from '../../shared/api/api-error.ts';
import { useItem } from '../../shared/api/use-item.ts';
import { useSend } from '../../shared/api/use-send.ts';
import { ErrorState } from '../../shared/components/error-state.tsx';
import { Loaded, Page, Section } from '../../shared/components/page.tsx';
import { say } from '../../shared/components/undo-toast.tsx';
import { ProviderSection } from './provider-section.tsx';

/** Settings: what it takes to sign in, and how long it lasts. */
export function SecurityPage() {
  const policy = useItem(securityPolicy, '/security-policy');
  return (
    <Page title="Security">
      <Section title="Signing in">
        <Loaded query={policy}>{(data) => <PolicyForm policy={data} />}</Loaded>
      </Section>
      <ProviderSection />
    </Page>
  );
}

function PolicyForm({ policy }: { policy: SecurityPolicy }) {
  const [wanted, setWanted] = useState(policy);
  const save = useSend({
    schema: securityPolicy,
    method: 'PATCH',
    path: '/security-policy',
    body: (values: SecurityPolicy) => values,
    stale: ['/security-policy', '/session'],
  });
  return (
    <form
      style={{ maxWidth: 480 }}
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate(wanted, { onSuccess: () => say('Saved; it is in force for running sessions too') });
      }}
    >
      <Stack gap="md">
        <Switch
          label="Require a second factor of everybody"
          description="Whoever signs in by password alone sets one up before anything else."
          checked={wanted.requireSecondFactor}
          onChange={(event) => setWanted({ ...wanted, requireSecondFactor: event.currentTarget.checked })}
        />
        <Switch
          label="The identity provider counts as a second factor"
          description="For providers that ask for one themselves. Off: who signs in by it also gives a code here, where one is required or set up."
          checked={wanted.oidcCountsAsSecondFactor}
          onChange={(event) => setWanted({ ...wanted, oidcCountsAsSecondFactor: event.currentTarget.checked })}
        />
        <NumberInput
          label="Minutes without use until a session ends"
          description="5 to 43,200 (30 days)"
          min={5}
          max={43_200}
          allowDecimal={false}
          value={wanted.idleMinutes}
          onChange={(value) => setWanted({ ...wanted, idleMinutes: Number(value) })}
          error={fieldError(save.error, 'idleMinutes')}
        />
        <NumberInput
          label="Hours after signing in until a session ends in any case"
          description="1 to 2,160 (90 days)"
          min={1}
          max={2160}
          allowDecimal={false}
          value={wanted.absoluteHours}
          onChange={(value) => setWanted({ ...wanted, absoluteHours: Number(value) })}
          error={fieldError(save.error, 'absoluteHours')}
        />
        {save.error ? <ErrorState error={save.error} /> : null}
        <Group>
          <Button type="submit" loading={save.isPending}>
            Save
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
