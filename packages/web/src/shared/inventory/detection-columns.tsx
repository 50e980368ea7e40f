import type { Detection } from '@picket/contracts/api/inventory';
import { Address } from '../components/address.tsx';
import { AppLink } from '../components/app-link.tsx';
import { Confidence } from '../components/confidence.tsx';
import type { Column } from '../components/data-table.tsx';
import { Severity } from '../components/severity.tsx';
import { Time } from '../components/time.tsx';
import { Unknown } from '../components/unknown.tsx';
import { paths } from '../paths.ts';
import { StatusWord } from './detection-status.tsx';

/** Columns of every list of detections. */
export const detectionColumns: readonly Column<Detection>[] = [
  {
    key: 'severity',
    title: 'Severity',
    width: '92px',
    sort: 'severity',
    cell: (one) => <Severity severity={one.severity} />,
  },
  {
    key: 'name',
    title: 'Finding',
    width: 'minmax(150px, 3fr)',
    cell: (one) => (
      <span className="pk-truncate" title={`${one.name} ${one.instance}`.trim()}>
        {one.name} {one.instance === '' ? null : <Address>{one.instance}</Address>}
      </span>
    ),
  },
  {
    key: 'asset',
    title: 'Asset',
    width: 'minmax(110px, 1.4fr)',
    cell: (one) => (
      <AppLink to={paths.asset(one.assetId)}>
        <Address>{one.address}</Address>
      </AppLink>
    ),
  },
  {
    key: 'port',
    title: 'Port',
    width: '80px',
    wide: true,
    cell: (one) => <span className="pk-mono">{one.port === null ? 'host' : `${one.port}/${one.protocol ?? ''}`}</span>,
  },
  {
    key: 'status',
    title: 'Status',
    width: '184px',
    wide: true,
    cell: (one) => (
      <>
        <StatusWord status={one.status} />
        {one.notEvaluable ? <Unknown short reason={one.notEvaluable} /> : null}
      </>
    ),
  },
  { key: 'proof', title: 'Confidence', width: '92px', wide: true, cell: (one) => <Confidence proof={one.proof} /> },
  {
    key: 'first',
    title: 'First seen',
    width: '92px',
    wide: true,
    sort: 'firstSeen',
    cell: (one) => <Time at={one.firstSeen} />,
  },
  {
    key: 'last',
    title: 'Last seen',
    width: '92px',
    wide: true,
    sort: 'lastSeen',
    cell: (one) => <Time at={one.lastSeen} />,
  },
];
