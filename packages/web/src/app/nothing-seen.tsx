import { Alert } from '@mantine/core';
import { useSees } from '../shared/api/use-session.ts';

/** On every page of somebody without an asset group: why all lists are empty, and the way out. */
export function NothingSeen() {
  if (useSees() !== 'nothing') return null;
  return (
    <Alert variant="default" role="status" title="You see nothing yet" m="md">
      Your account has no asset group, so every list is empty. Ask a Manager, or the Unit Manager of your business unit,
      to give you one (Settings, People).
    </Alert>
  );
}
