import { passkey, webAuthnOptions } from '@picket/contracts/api/sign-in';
import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { makePasskey, passkeyTrouble } from '../../shared/account/web-authn.ts';
import { useApi } from '../../shared/api/api-context.tsx';
import { fieldError } from '../../shared/api/api-error.ts';
import { ErrorState } from '../../shared/components/error-state.tsx';
import { say } from '../../shared/components/undo-toast.tsx';

/** A name, and then the browser's own dialogue. */
export function NewPasskeyForm({ onDone }: { onDone: () => void }) {
  const [name, setName] = useState('');
  const api = useApi();
  const queries = useQueryClient();
  const make = useMutation({
    mutationFn: async (named: string) => {
      const options = await api.send(webAuthnOptions, 'POST', '/passkeys/options');
      const answer = await makePasskey(options);
      return api.send(passkey, 'POST', '/passkeys', { name: named, answer });
    },
    onSuccess: async () => {
      for (const path of ['/passkeys', '/session/factors', '/sessions'])
        await queries.invalidateQueries({ queryKey: [path] });
      say('From now on you can sign in with this passkey');
      onDone();
    },
  });
  const trouble = passkeyTrouble(make.error);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        make.mutate(name);
      }}
    >
      <Stack gap="sm">
        <TextInput
          label="Name"
          description="So that you know later which device it is on"
          placeholder="laptop"
          maxLength={64}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          error={fieldError(make.error, 'name')}
          data-autofocus
        />
        {trouble === null ? null : (
          <Text size="sm" role="alert">
            {trouble}
          </Text>
        )}
        {make.error && trouble === null ? <ErrorState error={make.error} /> : null}
        <Group justify="flex-end">
          <Button type="submit" disabled={name.trim() === ''} loading={make.isPending}>
            Go on
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
