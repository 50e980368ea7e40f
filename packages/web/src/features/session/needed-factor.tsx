import { Stack } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { TotpSetup } from '../../shared/account/totp-setup.tsx';

/** Before anything else, where everybody has to have a second factor. */
export function NeededFactor() {
  const queries = useQueryClient();
  return (
    <Stack gap="sm">
      <div>Your organisation asks everybody for a second factor.</div>
      <TotpSetup onDone={() => void queries.invalidateQueries({ queryKey: ['/session'] })} />
    </Stack>
  );
}
