import { Table, Text, Title } from '@mantine/core';
import { describeSchedule } from '@picket/plan/schedule/describe-schedule';
import { nextRuns } from '@picket/plan/schedule/next-runs';
import { useNow } from '../time/use-now.ts';
import { scheduleOf, type When } from './when.ts';
import { formatMinute, viewerZone } from './zones.ts';

/** What a schedule would do: its next ten runs, as its own clocks and as the viewer's show them; or what is to be mended. */
export function NextRunsTable({ when }: { when: When }) {
  const now = useNow();
  const read = scheduleOf(when);
  if (!read.ok) return <Text size="sm">{read.error}</Text>;
  const runs = nextRuns(read.value, now, 10);
  const { zone } = read.value;
  const mine = viewerZone();
  return (
    <section aria-label="Next runs" aria-live="polite">
      <Title order={2}>Next runs</Title>
      <Text size="sm">{describeSchedule(read.value)}</Text>
      {runs.length === 0 ? (
        <Text size="sm" c="var(--pk-warn)">
          {read.value.recurrence.kind === 'after-finish'
            ? 'It begins at once; from then on each run begins when the one before has ended.'
            : 'All its times are past: it would never run.'}
        </Text>
      ) : (
        <Table fz="xs" horizontalSpacing={4} verticalSpacing={2}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{zone}</Table.Th>
              {mine === zone ? null : <Table.Th>Yours, {mine}</Table.Th>}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {runs.map((at) => (
              <Table.Tr key={at}>
                <Table.Td>{formatMinute(at, zone)}</Table.Td>
                {mine === zone ? null : <Table.Td>{formatMinute(at, mine)}</Table.Td>}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </section>
  );
}
