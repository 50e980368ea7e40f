import { Button, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { fieldError } from '../../shared/api/api-error.ts';
import { ErrorState } from '../../shared/components/error-state.tsx';

/** Asks for the code of an authenticator app. */
export function CodeForm(props: { error: unknown; busy: boolean; onCode: (code: string) => void; onBack: () => void }) {
  const [code, setCode] = useState('');
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        props.onCode(code.trim());
      }}
    >
      <Stack gap="sm">
        <TextInput
          label="Code"
          description="Of your authenticator app, or one of your recovery codes"
          autoComplete="one-time-code"
          autoCapitalize="none"
          spellCheck={false}
          value={code}
          onChange={(event) => setCode(event.currentTarget.value)}
          error={fieldError(props.error, 'code')}
          autoFocus
        />
        {props.error ? <ErrorState error={props.error} /> : null}
        <Button type="submit" size="sm" loading={props.busy} disabled={code.trim().length < 6}>
          Sign in
        </Button>
        <Button variant="default" onClick={props.onBack}>
          Back
        </Button>
      </Stack>
    </form>
  );
}
