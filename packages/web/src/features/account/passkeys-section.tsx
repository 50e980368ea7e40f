import { type Passkey, passkeys } from '@picket/contracts/api/sign-in';
import { Button } from '@mantine/core';
import { lazy, useState } from 'react';
import { knowsPasskeys } from '../../shared/account/web-authn.ts';
import { useItem } from '../../shared/api/use-item.ts';
import { ConfirmDelete } from '../../shared/components/confirm-delete.tsx';
import { EmptyState } from '../../shared/components/empty-state.tsx';
import { Entry, EntryList } from '../../shared/components/entry-list.tsx';
import { FormDialog } from '../../shared/components/form-dialog.tsx';
import { Loaded, Section } from '../../shared/components/page.tsx';
import { Time } from '../../shared/components/time.tsx';

const NewPasskeyForm = lazy(() =>
  import('./new-passkey-form.tsx').then((module) => ({ default: module.NewPasskeyForm })),
);

/** Own passkeys: signing in without a password. */
export function PasskeysSection() {
  const list = useItem(passkeys, '/passkeys');
  const [making, setMaking] = useState(false);
  const [removed, setRemoved] = useState<Passkey | null>(null);
  const add = knowsPasskeys() ? <Button onClick={() => setMaking(true)}>Add a passkey</Button> : undefined;
  return (
    <Section title="Passkeys" actions={list.data?.items.length ? add : undefined}>
      <Loaded query={list} height={60}>
        {(data) =>
          data.items.length === 0 ? (
            <EmptyState
              title="No passkeys"
              sentence="A passkey signs you in with your fingerprint, face or device PIN instead of a password, and can't be phished."
              action={add}
            />
          ) : (
            <EntryList label="Passkeys">
              {data.items.map((one) => (
                <Entry
                  key={one.id}
                  title={one.name}
                  facts={
                    <>
                      made <Time at={one.createdAt} />,{' '}
                      {one.lastUsedAt === null ? (
                        'never used'
                      ) : (
                        <>
                          used <Time at={one.lastUsedAt} />
                        </>
                      )}
                      {one.synced ? ', on several devices' : ', on one device'}
                    </>
                  }
                  action={
                    <Button variant="default" aria-label={`Remove ${one.name}`} onClick={() => setRemoved(one)}>
                      Remove
                    </Button>
                  }
                />
              ))}
            </EntryList>
          )
        }
      </Loaded>
      {making ? (
        <FormDialog title="Add a passkey" onClose={() => setMaking(false)}>
          <NewPasskeyForm onDone={() => setMaking(false)} />
        </FormDialog>
      ) : null}
      {removed === null ? null : (
        <ConfirmDelete
          what="passkey"
          verb="Remove"
          consequence="It signs you in no longer. Delete it on the device too."
          name={removed.name}
          path={`/passkeys/${removed.id}`}
          stale={['/passkeys', '/session/factors']}
          onClose={() => setRemoved(null)}
        />
      )}
    </Section>
  );
}
