import { type Appliance, applianceDoctor, type ApplianceDoctor } from '@picket/contracts/api/appliance';
import type { DoctorReport } from '@picket/contracts/doctor';
import { Button, Table, Text, Title } from '@mantine/core';
import { useItem } from '../../shared/api/use-item.ts';
import { useSend } from '../../shared/api/use-send.ts';
import { useMay } from '../../shared/api/use-session.ts';
import { ErrorState } from '../../shared/components/error-state.tsx';
import { ExactTime } from '../../shared/components/time.tsx';
import { NotKnown } from '../../shared/components/unknown.tsx';

/** Between two looks for a report that is on its way, milliseconds. */
const refetchMs = 2000;

const partNames = {
  link: 'Link',
  address: 'Address',
  gateway: 'Gateway',
  dns: 'DNS',
  proxy: 'Proxy',
  platform: 'Platform TLS',
  endpoints: 'Endpoints',
  clock: 'Clock',
  transfer: 'Transfer',
} as const;

const outcomeNames = {
  running: 'running',
  ok: '✓ ok',
  warning: '▲ warning',
  failed: '✕ failed',
  'not-tested': '– not tested',
  'not-used': '– not used',
} as const;

/** The way from an appliance to the platform as its network doctor sees it, on request. */
export function NetworkDoctor({ appliance: one }: { appliance: Appliance }) {
  const path = `/appliances/${one.id}/doctor`;
  const last = useItem(applianceDoctor, path, { refetchMs: (seen) => (seen?.state === 'waiting' ? refetchMs : false) });
  const ask = useSend({ schema: applianceDoctor, method: 'POST', path, stale: [path] });
  const may = useMay();
  const waits = last.data?.state === 'waiting';
  return (
    <section aria-label="Network doctor">
      <Title order={3} size="h5">
        Network doctor
      </Title>
      {last.error ? <ErrorState error={last.error} /> : null}
      {ask.error ? <ErrorState error={ask.error} /> : null}
      {last.data ? <Seen last={last.data} online={one.online} /> : null}
      {may.manageAppliances && one.state === 'active' ? (
        <Button variant="default" size="xs" mt="xs" loading={ask.isPending || waits} onClick={() => ask.mutate()}>
          {last.data?.state === 'done' ? 'Examine again' : 'Examine'}
        </Button>
      ) : null}
    </section>
  );
}

function Seen({ last, online }: { last: ApplianceDoctor; online: boolean }) {
  if (last.state === 'none')
    return <NotKnown>not asked yet: it shows link, names, proxy, TLS, clock and speed</NotKnown>;
  const asked = last.requestedAt && (
    <Text size="sm">
      Asked by {last.requestedBy}, <ExactTime at={last.requestedAt} />
    </Text>
  );
  if (last.report) {
    return (
      <>
        {asked}
        <Report report={last.report} />
      </>
    );
  }
  return (
    <>
      {asked}
      <Text size="sm" role="status">
        {online
          ? 'The appliance is asked with its next poll.'
          : 'The appliance is offline: it is asked when it is back. Its own console shows the same meanwhile.'}
      </Text>
    </>
  );
}

function Report({ report }: { report: DoctorReport }) {
  const { error } = report;
  return (
    <>
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Step</Table.Th>
            <Table.Th>Outcome</Table.Th>
            <Table.Th>Seen</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {report.steps.map(({ part, outcome, detail }) => (
            <Table.Tr key={part}>
              <Table.Td>{partNames[part]}</Table.Td>
              <Table.Td>{outcomeNames[outcome]}</Table.Td>
              <Table.Td>{detail}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {error ? (
        <Text size="sm">
          NETWORK ERR {error.code} {error.description} ({error.eCode}): {error.remedy}
        </Text>
      ) : null}
    </>
  );
}
