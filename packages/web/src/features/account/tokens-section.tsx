import { type ApiToken, apiTokens } from '@picket/contracts/api/sign-in';
import { Button } from '@mantine/core';
import { lazy, useState } from 'react';
import { TokenEntries } from '../../shared/account/token-entries.tsx';
import { useItem } from '../../shared/api/use-item.ts';
import { ConfirmDelete } from '../../shared/components/confirm-delete.tsx';
import { EmptyState } from '../../shared/components/empty-state.tsx';
import { FormDialog } from '../../shared/components/form-dialog.tsx';
import { Loaded, Section } from '../../shared/components/page.tsx';

const NewTokenForm = lazy(() => import('./new-token-form.tsx').then((module) => ({ default: module.NewTokenForm })));

/** Own API tokens: for programs. */
export function TokensSection() {
  const list = useItem(apiTokens, '/tokens');
  const [making, setMaking] = useState(false);
  const [revoked, setRevoked] = useState<ApiToken | null>(null);
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
            <TokenEntries tokens={data.items} onRevoke={setRevoked} />
          )
        }
      </Loaded>
      {making ? (
        <FormDialog title="New API token" onClose={() => setMaking(false)}>
          <NewTokenForm onDone={() => setMaking(false)} />
        </FormDialog>
      ) : null}
      {revoked === null ? null : (
        <ConfirmDelete
          what="token"
          verb="Revoke"
          consequence="Programs that use it are refused from now on. A revoked token cannot be brought back."
          name={revoked.name}
          path={`/tokens/${revoked.id}`}
          stale={['/tokens']}
          onClose={() => setRevoked(null)}
        />
      )}
    </Section>
  );
}
