import { ownValue } from '@picket/base/own-value';
import type { SessionEntry } from '@picket/contracts/api/sign-in';
import { Button } from '@mantine/core';
import { Address } from '../components/address.tsx';
import { Entry, EntryList } from '../components/entry-list.tsx';
import { Time } from '../components/time.tsx';
import { deviceName } from '../format/device.ts';

/** How a session was begun, in words. */
const methods: Readonly<Record<string, string>> = {
  password: 'by password',
  'password+code': 'by password and code',
  'password+recovery': 'by password and recovery code',
  passkey: 'by passkey',
  oidc: 'by the identity provider',
  'oidc+mfa': 'by the identity provider with several factors',
  'oidc+code': 'by the identity provider and code',
  'oidc+recovery': 'by the identity provider and recovery code',
  invitation: 'by invitation',
};

/** Where somebody is signed in, with the way to end each. */
export function SessionEntries(props: {
  sessions: readonly SessionEntry[];
  busy: boolean;
  onEnd: (id: number) => void;
}) {
  return (
    <EntryList label="Sessions">
      {props.sessions.map((one) => (
        <Entry
          key={one.id}
          title={
            <>
              {deviceName(one.userAgent)}
              {one.current ? <strong> (this one)</strong> : null}
            </>
          }
          facts={
            <>
              from <Address>{one.address ?? 'unknown'}</Address>, signed in <Time at={one.createdAt} />{' '}
              {ownValue(methods, one.method) ?? one.method}, used <Time at={one.lastUsedAt} />
            </>
          }
          action={
            one.current ? undefined : (
              <Button
                variant="default"
                disabled={props.busy}
                aria-label={`End the session of ${deviceName(one.userAgent)} from ${one.address ?? 'unknown'}`}
                onClick={() => props.onEnd(one.id)}
              >
                End
              </Button>
            )
          }
        />
      ))}
    </EntryList>
  );
}
