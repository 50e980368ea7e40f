import { type Schedule, type ScheduleRun, scheduleRun } from '@picket/contracts/api/schedule';
import { Button, Title } from '@mantine/core';
import { useList } from '../../shared/api/use-list.ts';
import { AppLink } from '../../shared/components/app-link.tsx';
import { Entry, EntryList } from '../../shared/components/entry-list.tsx';
import { ErrorState } from '../../shared/components/error-state.tsx';
import { ExactTime } from '../../shared/components/time.tsx';
import { paths } from '../../shared/paths.ts';
import { missedWords, outcomeText } from './run-words.ts';

/** What became of each time of a schedule, newest first. */
export function ScheduleRuns({ schedule }: { schedule: Schedule }) {
  const runs = useList(scheduleRun, `/schedules/${schedule.id}/runs`, {}, { refetchMs: 15_000 });
  return (
    <section aria-label="Runs" style={{ marginTop: 16 }}>
      <Title order={3} size="h5">
        Runs
      </Title>
      {runs.error ? <ErrorState error={runs.error} onRetry={runs.retry} /> : null}
      {!runs.loading && !runs.error && runs.items.length === 0 ? <p>No run yet</p> : null}
      <EntryList label="Runs">
        {runs.items.map((run) => (
          <Run key={run.dueAt} run={run} kind={schedule.scan.kind} />
        ))}
      </EntryList>
      {runs.hasMore ? (
        <Button variant="default" onClick={runs.loadMore}>
          Show older runs
        </Button>
      ) : null}
    </section>
  );
}

function Run({ run, kind }: { run: ScheduleRun; kind: Schedule['scan']['kind'] }) {
  return (
    <Entry
      title={
        <span style={run.outcome === 'missed' ? { color: 'var(--pk-bad)' } : {}}>
          {outcomeText(run)}
          {run.manual ? ', by hand' : ''}
        </span>
      }
      facts={
        <>
          <div>
            due <ExactTime at={run.dueAt} />
          </div>
          {run.detail === null ? null : <div>{run.detail}</div>}
          {run.outcome === 'missed' && run.reason !== null ? <div>{missedWords[run.reason].remedy}</div> : null}
        </>
      }
      action={
        run.scanId === null ? null : (
          <AppLink to={paths.scan(run.scanId)}>
            {kind === 'map' ? 'Map' : 'Scan'} {run.scanId}
          </AppLink>
        )
      }
    />
  );
}
