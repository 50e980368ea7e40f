import { type OidcProviderState, oidcProviderState } from '@picket/contracts/api/oidc';
import { Button } from '@mantine/core';
import { useState } from 'react';
import { z } from 'zod';
import { useItem } from '../../shared/api/use-item.ts';
import { useSend } from '../../shared/api/use-send.ts';
import { ConfirmByName } from '../../shared/components/confirm-by-name.tsx';
import { EmptyState } from '../../shared/components/empty-state.tsx';
import { Loaded, Section } from '../../shared/components/page.tsx';
import { ProviderForm } from './provider-form.tsx';

/** What the provider of a state and its form depend on. */
const stale = ['/oidc-provider', '/sign-in-methods'];

/** The OpenID Connect provider that people sign in with. */
export function ProviderSection() {
  const query = useItem(oidcProviderState, '/oidc-provider');
  return (
    <Section title="Identity provider">
      <Loaded query={query}>{(data) => <Provider key={data.provider?.changedAt ?? 'none'} data={data} />}</Loaded>
    </Section>
  );
}

function Provider({ data }: { data: OidcProviderState }) {
  const [begun, setBegun] = useState(false);
  const [removing, setRemoving] = useState(false);
  const remove = useSend({ schema: z.unknown(), method: 'DELETE', path: '/oidc-provider', stale });
  if (data.provider === null && !begun) {
    return (
      <EmptyState
        title="No identity provider"
        sentence="People can sign in with the account that they have in your organisation (OpenID Connect)."
        action={<Button onClick={() => setBegun(true)}>Set up</Button>}
      />
    );
  }
  return (
    <>
      <ProviderForm state={data} stale={stale} onRemove={data.provider ? () => setRemoving(true) : null} />
      {removing && data.provider ? (
        <ConfirmByName
          title="Sign in without the identity provider?"
          consequence="Nobody signs in by it any more; who has no password gets one from a Manager. Accounts stay bound, should the same provider come back."
          name={data.provider.name}
          verb="Remove provider"
          busy={remove.isPending}
          error={remove.error}
          onClose={() => setRemoving(false)}
          onConfirm={() => remove.mutate()}
        />
      ) : null}
    </>
  );
}
