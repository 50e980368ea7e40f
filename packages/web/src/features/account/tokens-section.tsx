import { type ApiToken, apiTokens } from '@picket/contracts/api/sign-in';
import { Button, Modal } from '@mantine/core';
import { useState } from 'react';
import { z } from 'zod';
import { TokenEntries } from '../../shared/account/token-entries.tsx';
import { useItem } from '../../shared/api/use-item.ts';
import { useSend } from '../../shared/api/use-send.ts';
import { ConfirmByName } from '../../shared/components/confirm-by-name.tsx';
import { EmptyState } from '../../shared/components/empty-state.tsx';
import { Loaded, Section } from '../../shared/components/page.tsx';
import { NewTokenForm } from './new-token-form.tsx';

/** Own API tokens: for programs. */
export function TokensSection() {
  const list = useItem(apiTokens, '/tokens');
  const [making, setMaking] = useState(false);
  const [revoked, setRevoked] = useState<ApiToken | null>(null);
  const revoke = useSend({
    schema: z.unknown(),
    method: 'DELETE',
    path: (id: number) => `/tokens/${id}`,
    stale: ['/tokens'],
  });
  const newToken = <Button onClick={() => setMaking(true)}>New token</Button>;
  return (
    <Section title="API tokens" actions={list.data?.items.length ? newToken : undefined}>
      <Loaded query={list} height={60}>
        {(data) =>
          data.items.length === 0 ? (
            <EmptyState
              title="No tokens"
              sentence="A token lets a program use the API in your name, with no more rights than you have."
              action={newToken}
              example={<span className="pk-mono">curl -H 'Authorization: Bearer pkt_…' …/api/v1/assets</span>}
            />
          ) : (
            <TokenEntries tokens={data.items} busy={revoke.isPending} onRevoke={setRevoked} />
          )
        }
      </Loaded>
      {making ? (
        <Modal opened onClose={() => setMaking(false)} title="New API token" closeOnClickOutside={false}>
          <NewTokenForm onDone={() => setMaking(false)} />
        </Modal>
      ) : null}
      {revoked === null ? null : (
        <ConfirmByName
          opened
          title="Revoke this token?"
          consequence="Programs that use it are refused from now on. A revoked token cannot be brought back."
          name={revoked.name}
          verb="Revoke token"
          busy={revoke.isPending}
          error={revoke.error}
          onClose={() => setRevoked(null)}
          onConfirm={() => revoke.mutate(revoked.id, { onSuccess: () => setRevoked(null) })}
        />
      )}
    </Section>
  );
}
