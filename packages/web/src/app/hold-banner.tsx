import { holdState } from '@picket/contracts/api/hold';
import { Button } from '@mantine/core';
import { IconHandStop } from '@tabler/icons-react';
import { lazy, Suspense, useState } from 'react';
import { useSend } from '../shared/api/use-send.ts';
import { Time } from '../shared/components/time.tsx';
import { plural } from '../shared/format/number.ts';
import { holdStale, useHold } from '../shared/holds/use-hold.ts';
import classes from './hold-banner.module.css';

const ConfirmByName = lazy(() =>
  import('../shared/components/confirm-by-name.tsx').then((module) => ({ default: module.ConfirmByName })),
);

/** On every page while "Stop all" is in force: who, when, why, what waits, and the way out. */
export function HoldBanner() {
  const [asking, setAsking] = useState(false);
  const held = useHold();
  const lift = useSend({ schema: holdState, method: 'DELETE', path: '/hold', stale: holdStale });
  const hold = held.data?.hold;
  if (!hold) return null;
  const waiting = held.data?.waitingJobs ?? 0;
  return (
    <section className={classes.banner} aria-label="Stop all is in force" role="status">
      <IconHandStop size={20} aria-hidden="true" />
      <div className={classes.words}>
        <strong>Nothing is scanned: stop all is in force.</strong> {hold.placedBy}, <Time at={hold.placedAt} />:{' '}
        <span className={classes.reason}>“{hold.reason}”.</span>{' '}
        {waiting > 0 ? `${plural(waiting, 'job')} will go on once it is lifted.` : null}
      </div>
      {hold.mayLift ? (
        <Button variant="default" onClick={() => setAsking(true)}>
          Lift the hold
        </Button>
      ) : null}
      <Suspense fallback={null}>
        {asking ? (
          <ConfirmByName
            title="Let scans run again?"
            consequence={
              waiting === 0
                ? 'New jobs and schedules may start again. What somebody paused by hand stays paused.'
                : `${plural(waiting, 'job')} will go on at once. What somebody paused by hand stays paused.`
            }
            name="lift"
            verb="Lift the hold"
            busy={lift.isPending}
            error={lift.error}
            onClose={() => setAsking(false)}
            onConfirm={() => lift.mutate(undefined, { onSuccess: () => setAsking(false) })}
          />
        ) : null}
      </Suspense>
    </section>
  );
}
