import { Button } from '@mantine/core';
import { IconHandStop } from '@tabler/icons-react';
import { lazy, Suspense, useState } from 'react';
import { useMay } from '../api/use-session.ts';
import { useHold } from './use-hold.ts';

const StopAllDialog = lazy(() => import('./stop-all-dialog.tsx').then((module) => ({ default: module.StopAllDialog })));

/** For those who may, while nothing is held: the one button that silences every appliance. */
export function StopAllButton() {
  const [asking, setAsking] = useState(false);
  const { manageAppliances } = useMay();
  const held = useHold();
  if (!manageAppliances || held.data?.hold) return null;
  return (
    <>
      <Button variant="default" leftSection={<IconHandStop size={16} />} onClick={() => setAsking(true)}>
        Stop all
      </Button>
      <Suspense fallback={null}>{asking ? <StopAllDialog onClose={() => setAsking(false)} /> : null}</Suspense>
    </>
  );
}
