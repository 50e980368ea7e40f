import { terms } from '@picket/contracts/api/session';
import { Button, Checkbox, Stack } from '@mantine/core';
import { useState } from 'react';
import { z } from 'zod';
import { useItem } from '../api/use-item.ts';
import { useSend } from '../api/use-send.ts';
import { ErrorState } from '../components/error-state.tsx';
import { Loaded } from '../components/page.tsx';
import classes from './terms-form.module.css';

/** Shows the licence and terms and records that they were accepted. */
export function TermsForm({ onDone }: { onDone?: () => void }) {
  const text = useItem(terms, '/terms');
  const [agreed, setAgreed] = useState(false);
  const accept = useSend({
    schema: z.unknown(),
    method: 'POST',
    path: '/session/terms',
    body: (version: string) => ({ version }),
    stale: ['/session'],
  });
  return (
    <Loaded query={text}>
      {(data) => (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            accept.mutate(data.version, { onSuccess: () => onDone?.() });
          }}
        >
          <Stack gap="sm">
            <div className={classes.terms} tabIndex={0} role="region" aria-label="Licence and terms">
              {data.text}
            </div>
            <Checkbox
              label="I have read and accept the licence and terms"
              checked={agreed}
              onChange={(event) => setAgreed(event.currentTarget.checked)}
            />
            {accept.error ? <ErrorState error={accept.error} /> : null}
            <Button type="submit" size="sm" disabled={!agreed} loading={accept.isPending}>
              Accept terms
            </Button>
          </Stack>
        </form>
      )}
    </Loaded>
  );
}
