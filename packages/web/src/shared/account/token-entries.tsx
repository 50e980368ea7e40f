import type { ApiToken, TokenScope } from '@picket/contracts/api/sign-in';
import { Button } from '@mantine/core';
import { Address } from '../components/address.tsx';
import { Entry, EntryList } from '../components/entry-list.tsx';
import { Time } from '../components/time.tsx';

/** What each scope allows, in words. */
export const scopeWords: Readonly<Record<TokenScope, string>> = {
  read: 'Read: look at everything you may see',
  scan: 'Scan: also plan, start and stop scans',
  admin: 'Admin: everything you may do but people and sign-in',
};

/** API tokens, with the way to revoke each. */
export function TokenEntries(props: {
  tokens: readonly ApiToken[];
  busy?: boolean;
  onRevoke: (token: ApiToken) => void;
}) {
  return (
    <EntryList label="API tokens">
      {props.tokens.map((one) => (
        <Entry
          key={one.id}
          title={
            <>
              {one.name} <Address>{`pkt_…${one.ending}`}</Address>
            </>
          }
          facts={
            <>
              {one.scope}, {one.expired ? 'expired' : 'expires'} <Time at={one.expiresAt} />, used{' '}
              <Time at={one.lastUsedAt} />
              {one.lastAddress === null ? null : (
                <>
                  {' '}
                  from <Address>{one.lastAddress}</Address>
                </>
              )}
            </>
          }
          action={
            <Button
              variant="default"
              disabled={props.busy ?? false}
              aria-label={`Revoke ${one.name}`}
              onClick={() => props.onRevoke(one)}
            >
              Revoke
            </Button>
          }
        />
      ))}
    </EntryList>
  );
}
