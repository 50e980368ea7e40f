import { Button, PasswordInput, Stack } from '@mantine/core';
import { useState } from 'react';
import { z } from 'zod';
import { fieldError } from '../api/api-error.ts';
import { useSend } from '../api/use-send.ts';
import { ErrorState } from '../components/error-state.tsx';

/** Shortest password, characters (as in the contract). */
const minLength = 12;

/** Replaces the (one-time) password. What was typed stays when the platform refuses. */
export function PasswordForm({ onDone, submit = 'Change password' }: { onDone?: () => void; submit?: string }) {
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const [again, setAgain] = useState('');
  const change = useSend({
    schema: z.unknown(),
    method: 'POST',
    path: '/session/password',
    body: (values: { current: string; next: string }) => values,
    stale: ['/session'],
  });
  const short = next !== '' && next.length < minLength ? `${minLength - next.length} more characters needed` : null;
  const differs = again !== '' && again !== next ? 'The two do not match' : null;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        change.mutate({ current, next }, { onSuccess: () => onDone?.() });
      }}
    >
      <Stack gap="sm">
        <PasswordInput
          label="Current password"
          description="At the first sign-in: the one-time password"
          autoComplete="current-password"
          value={current}
          onChange={(event) => setCurrent(event.currentTarget.value)}
          error={fieldError(change.error, 'current')}
          required
        />
        <PasswordInput
          label="New password"
          description={`At least ${minLength} characters; a sentence is good`}
          autoComplete="new-password"
          value={next}
          onChange={(event) => setNext(event.currentTarget.value)}
          error={fieldError(change.error, 'next') ?? short}
          required
        />
        <PasswordInput
          label="New password again"
          autoComplete="new-password"
          value={again}
          onChange={(event) => setAgain(event.currentTarget.value)}
          error={differs}
          required
        />
        {change.error ? <ErrorState error={change.error} /> : null}
        <Button
          type="submit"
          size="sm"
          loading={change.isPending}
          disabled={current === '' || next.length < minLength || next !== again}
        >
          {submit}
        </Button>
      </Stack>
    </form>
  );
}
