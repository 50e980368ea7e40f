import { begunOidc } from '@picket/contracts/api/oidc';
import { Button } from '@mantine/core';
import { useSend } from '../api/use-send.ts';
import { ErrorState } from '../components/error-state.tsx';

/** Goes to the identity provider, which sends the browser back. */
export function OidcButton(props: { name: string; returnTo: string; invitation?: string; primary?: boolean }) {
  const begin = useSend({
    schema: begunOidc,
    method: 'POST',
    path: '/session/oidc',
    body: () => ({
      returnTo: props.returnTo,
      ...(props.invitation === undefined ? {} : { invitation: props.invitation }),
    }),
    stale: [],
  });
  return (
    <>
      <Button
        variant={props.primary ? 'filled' : 'default'}
        size="sm"
        loading={begin.isPending || begin.isSuccess}
        onClick={() => begin.mutate(undefined, { onSuccess: ({ url }) => window.location.assign(url) })}
      >
        Continue with {props.name}
      </Button>
      {begin.error ? <ErrorState error={begin.error} /> : null}
    </>
  );
}
