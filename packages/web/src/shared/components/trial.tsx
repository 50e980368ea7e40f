import type { trialResult } from '@picket/contracts/api/notification';
import { Alert } from '@mantine/core';
import type { z } from 'zod';

/** What a trial came to, with what to do when it failed. */
export function Trial({ result }: { result: z.output<typeof trialResult> }) {
  return (
    <Alert variant="default" role="status" title={result.ok ? 'It worked' : 'It did not work'}>
      <span style={{ overflowWrap: 'anywhere' }}>{result.detail}</span> {result.hint}
    </Alert>
  );
}
