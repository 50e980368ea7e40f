import { type MapAnswer, mapAnswer } from '@picket/contracts/api/map';
import { Tabs } from '@mantine/core';
import { useParams } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { useItem } from '../../shared/api/use-item.ts';
import { AppLink } from '../../shared/components/app-link.tsx';
import { EmptyState } from '../../shared/components/empty-state.tsx';
import { Figure, Figures } from '../../shared/components/facts.tsx';
import { LoadedPage } from '../../shared/components/loaded-page.tsx';
import { Page, Split } from '../../shared/components/page.tsx';
import { isActive, ScanStatus } from '../../shared/components/scan-status.tsx';
import { Time } from '../../shared/components/time.tsx';
import { useFilters } from '../../shared/components/use-filters.ts';
import { formatCount, plural } from '../../shared/format/number.ts';
import { paths } from '../../shared/paths.ts';
import { MapGraph } from './map-graph.tsx';
import { ScanMapHosts } from './scan-map-hosts.tsx';
import { useOpenNetworks } from './use-open-networks.ts';

// Not of the first load: other tabs, and what opens with a click.
const MapHosts = lazy(() => import('./map-hosts.tsx').then((module) => ({ default: module.MapHosts })));
const MapNetworks = lazy(() => import('./map-networks.tsx').then((module) => ({ default: module.MapNetworks })));
const MapChanges = lazy(() => import('./map-changes.tsx').then((module) => ({ default: module.MapChanges })));
const MapPanel = lazy(() => import('./map-panel.tsx').then((module) => ({ default: module.MapPanel })));

/** A map is made anew when facts came in; a big one rarely, since that takes the platform seconds. An ended one stays as it is. */
function rereadMs(map: MapAnswer | undefined): number | false {
  if (map && !isActive(map.job.status)) return false;
  return map && map.hosts > 5000 ? 60_000 : 15_000;
}

/** What is out there: the graph of a map, the same as tables, and what changed since the last one. */
export function MapPage() {
  const params = useParams({ strict: false });
  const query = useItem(mapAnswer, `/maps/${Number(params.id)}/result`, { refetchMs: rereadMs });
  return (
    <LoadedPage query={query} what="map" list={{ to: paths.maps, label: 'All maps' }}>
      {(map) => <Content key={map.job.id} map={map} />}
    </LoadedPage>
  );
}

function Content({ map }: { map: MapAnswer }) {
  const [filters, setFilters] = useFilters();
  const { job } = map;
  const tab = filters.tab ?? 'graph';
  const networks = map.networks.filter((one) => one.kind !== 'default').length;
  const dropped = Object.entries(map.dropped).filter(([, count]) => count > 0);
  return (
    <Page
      title={job.title || `${job.kind === 'map' ? 'Map' : 'Scan'} ${job.id}`}
      about={
        <>
          <ScanStatus status={job.status} complete={job.complete} />
          {isActive(job.status) ? null : (
            <span>
              ended <Time at={job.endedAt} />
            </span>
          )}
          <span>in {job.networkName}</span>
          <AppLink to={paths.scan(job.id)}>Progress, plan and notes</AppLink>
        </>
      }
      actions={<ScanMapHosts map={map} />}
    >
      <Figures>
        <Figure
          value={formatCount(map.hosts)}
          name={map.hosts === 1 ? 'host' : 'hosts'}
          to={paths.map(job.id)}
          filters={{ tab: 'hosts' }}
        />
        <Figure
          value={formatCount(networks)}
          name={networks === 1 ? 'network' : 'networks'}
          to={paths.map(job.id)}
          filters={{ tab: 'networks' }}
        />
        <Figure
          value={formatCount(map.routers.length)}
          name="gateways and hops"
          to={paths.map(job.id)}
          filters={{ tab: 'networks' }}
        />
      </Figures>
      {dropped.length > 0 ? (
        <p>
          The map is too large to hold all: {dropped.map(([what, count]) => `${formatCount(count)} ${what}`).join(', ')}{' '}
          left out.
        </p>
      ) : null}
      <Tabs
        value={tab}
        onChange={(next) => setFilters({ tab: next ?? undefined, open: undefined, kind: undefined }, { replace: true })}
        keepMounted={false}
      >
        <Tabs.List mb="sm">
          <Tabs.Tab value="graph">Graph</Tabs.Tab>
          <Tabs.Tab value="hosts">Hosts</Tabs.Tab>
          <Tabs.Tab value="networks">Networks</Tabs.Tab>
          <Tabs.Tab value="changes">Changes</Tabs.Tab>
        </Tabs.List>
        <Suspense fallback={null}>
          <Tabs.Panel value="graph">
            <Graph map={map} />
          </Tabs.Panel>
          <Tabs.Panel value="hosts">
            <MapHosts map={map} />
          </Tabs.Panel>
          <Tabs.Panel value="networks">
            <MapNetworks map={map} />
          </Tabs.Panel>
          <Tabs.Panel value="changes">
            <MapChanges map={map} />
          </Tabs.Panel>
        </Suspense>
      </Tabs>
    </Page>
  );
}

function noAnswerWords({ status, complete }: MapAnswer['job']): string {
  if (isActive(status)) return 'No address has answered so far.';
  return complete === true
    ? 'No address has answered. Firewalls that drop everything look the same as no host.'
    : 'No address that was asked has answered, and not all were asked to the end: “Progress, plan and notes” says why.';
}

function Graph({ map }: { map: MapAnswer }) {
  const [filters, setFilters] = useFilters();
  const networks = useOpenNetworks(map);
  const openKey = filters.open ?? '';
  if (map.hosts === 0 && map.networks.length === 0) {
    return (
      <EmptyState
        title="Nothing on the map"
        sentence={noAnswerWords(map.job)}
        example={`the targets were ${plural(map.job.targets.split(/[\s,]+/).length, 'entry', 'entries')}`}
      />
    );
  }
  return (
    <Split>
      <MapGraph map={map} networks={networks} openKey={openKey} onOpen={(open) => setFilters({ open })} />
      {openKey === '' || openKey === 'scanner' ? null : (
        <Suspense fallback={null}>
          <MapPanel map={map} networks={networks} openKey={openKey} onClose={() => setFilters({ open: '' })} />
        </Suspense>
      )}
    </Split>
  );
}
