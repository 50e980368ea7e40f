import { service, type Asset, type Service } from '@picket/contracts/api/inventory';
import { useList } from '../../shared/api/use-list.ts';
import { type Column, DataTable } from '../../shared/components/data-table.tsx';
import { EmptyState } from '../../shared/components/empty-state.tsx';
import { Split } from '../../shared/components/page.tsx';
import { Time } from '../../shared/components/time.tsx';
import { NotKnown } from '../../shared/components/unknown.tsx';
import { useFilters } from '../../shared/components/use-filters.ts';
import { formatPercent } from '../../shared/format/number.ts';
import { ServicePanel } from './service-panel.tsx';

const columns: readonly Column<Service>[] = [
  {
    key: 'port',
    title: 'Port',
    width: '84px',
    cell: (one) => (
      <span className="pk-mono">
        {one.port}/{one.protocol}
      </span>
    ),
  },
  { key: 'state', title: 'State', width: '84px', wide: true, cell: (one) => one.state },
  {
    key: 'service',
    title: 'Service',
    width: 'minmax(90px, 1fr)',
    cell: (one) =>
      one.service === 'unknown' ? (
        <NotKnown>not identified</NotKnown>
      ) : (
        `${one.service}${one.tunnel ? ` (${one.tunnel})` : ''}`
      ),
  },
  {
    key: 'product',
    title: 'Product',
    width: 'minmax(110px, 2fr)',
    cell: (one) =>
      one.product ? (
        <span className="pk-truncate">
          {one.product} <span className="pk-mono">{one.version}</span>
        </span>
      ) : (
        <NotKnown />
      ),
  },
  {
    key: 'info',
    title: 'Details',
    width: 'minmax(100px, 2fr)',
    wide: true,
    cell: (one) => <span className="pk-truncate">{one.info}</span>,
  },
  {
    key: 'confidence',
    title: 'Sure',
    width: '60px',
    right: true,
    wide: true,
    cell: (one) => formatPercent(one.confidence),
  },
  { key: 'seen', title: 'Last seen', width: '92px', wide: true, cell: (one) => <Time at={one.lastSeen} /> },
];

/** The services of an asset; a row opens its evidence (in the URL as `service`). */
export function ServicesTable({ asset }: { asset: Asset }) {
  const [filters, setFilters] = useFilters();
  const list = useList(service, '/services', { assetId: asset.id });
  const open = list.items.find((one) => String(one.id) === filters.service);
  return (
    <Split>
      <DataTable
        label="Services"
        columns={columns}
        list={list}
        rowKey={(one) => one.id}
        openKey={open?.id ?? null}
        onOpen={(one) => setFilters({ service: String(one.id), open: undefined })}
        maxHeight={420}
        empty={
          <EmptyState
            title="No service known"
            sentence={
              asset.lastScanned === null
                ? 'This asset was only mapped: a scan finds its services.'
                : 'The last scan found no open port among those it tested.'
            }
          />
        }
      />
      {open ? <ServicePanel service={open} onClose={() => setFilters({ service: '' })} /> : null}
    </Split>
  );
}
