import { signedIn, webAuthnOptions } from '@picket/contracts/api/sign-in';
import { Button, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { answerWithPasskey, knowsPasskeys, passkeyTrouble } from '../../shared/account/web-authn.ts';
import { useApi } from '../../shared/api/api-context.tsx';
import { ErrorState } from '../../shared/components/error-state.tsx';

/** Signs in with a passkey: the browser asks which. */
export function PasskeyButton() {
  const api = useApi();
  const queries = useQueryClient();
  const signIn = useMutation({
    mutationFn: async () => {
      const options = await api.send(webAuthnOptions, 'POST', '/session/passkey/options');
      const answer = await answerWithPasskey(options);
      return api.send(signedIn, 'POST', '/session/passkey', { answer });
    },
    onSuccess: () => queries.invalidateQueries(),
  });
  if (!knowsPasskeys()) return null;
  const trouble = passkeyTrouble(signIn.error);
  return (
    <>
      <Button variant="default" size="sm" loading={signIn.isPending} onClick={() => signIn.mutate()}>
        Use a passkey
      </Button>
      {trouble === null ? null : (
        <Text size="sm" role="alert">
          {trouble} Try again, or use your password.
        </Text>
      )}
      {signIn.error && trouble === null ? <ErrorState error={signIn.error} /> : null}
    </>
  );
}
