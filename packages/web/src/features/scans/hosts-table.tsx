import { type ScanDetail, scanHost } from '@picket/contracts/api/scan';
import type { z } from 'zod';
import { useList } from '../../shared/api/use-list.ts';
import { Address } from '../../shared/components/address.tsx';
import { AppLink } from '../../shared/components/app-link.tsx';
import { type Column, DataTable } from '../../shared/components/data-table.tsx';
import { EmptyState } from '../../shared/components/empty-state.tsx';
import { SeverityCounts } from '../../shared/components/severity.tsx';
import { NotKnown } from '../../shared/components/unknown.tsx';
import { paths } from '../../shared/paths.ts';
import { noHostWords } from './empty-words.ts';
import classes from './scan.module.css';

type Host = z.infer<typeof scanHost>;

const base: readonly Column<Host>[] = [
  {
    key: 'address',
    title: 'Address',
    width: 'minmax(110px, 1fr)',
    cell: (host) => (
      <AppLink to={paths.asset(host.assetId)}>
        <Address>{host.address}</Address>
      </AppLink>
    ),
  },
  {
    key: 'name',
    title: 'Name',
    width: 'minmax(100px, 1.2fr)',
    cell: (host) =>
      host.names[0] === undefined ? <NotKnown>no name</NotKnown> : <span className="pk-truncate">{host.names[0]}</span>,
  },
  {
    key: 'os',
    title: 'OS',
    width: 'minmax(100px, 1fr)',
    wide: true,
    cell: (host) => (host.os ? <span className="pk-truncate">{host.os}</span> : <NotKnown />),
  },
  {
    key: 'reason',
    title: 'Showed itself by',
    width: '120px',
    wide: 'first',
    cell: (host) => <span className="pk-mono">{host.reason}</span>,
  },
];
const scanColumns: readonly Column<Host>[] = [
  ...base,
  {
    key: 'ports',
    title: 'Open ports',
    width: 'minmax(120px, 2.5fr)',
    cell: (host) => (
      <span
        className={`pk-mono ${classes.ports}`}
        title={host.openPorts
          .map(
            (port) => `${port.port}/${port.protocol} ${port.service ?? ''} ${port.product ?? ''} ${port.version ?? ''}`,
          )
          .join('\n')}
      >
        {host.openPorts.map((port) => `${port.port}${port.service ? ` ${port.service}` : ''}`).join(', ') || 'none'}
      </span>
    ),
  },
  {
    key: 'findings',
    title: 'Findings',
    width: 'minmax(180px, 1.2fr)',
    wide: true,
    cell: (host) => <SeverityCounts counts={host.findings} />,
  },
];

/** Hosts as this job saw them; a row opens what the job can say of it. */
export function HostsTable({ scan, onAsk }: { scan: ScanDetail; onAsk: (address: string) => void }) {
  const list = useList(scanHost, `/scans/${scan.id}/hosts`);
  return (
    <DataTable
      label="Hosts found"
      columns={scan.kind === 'map' ? base : scanColumns}
      list={list}
      rowKey={(host) => host.address}
      onOpen={(host) => onAsk(host.address)}
      maxHeight={560}
      empty={<EmptyState {...noHostWords(scan)} />}
    />
  );
}
