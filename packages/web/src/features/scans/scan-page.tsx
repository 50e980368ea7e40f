import { scanDetail, type ScanDetail } from '@picket/contracts/api/scan';
import { Tabs } from '@mantine/core';
import { useParams } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { useItem } from '../../shared/api/use-item.ts';
import { AppLink } from '../../shared/components/app-link.tsx';
import { LoadedPage } from '../../shared/components/loaded-page.tsx';
import { Page, Split } from '../../shared/components/page.tsx';
import { isNothingScanned } from '../../shared/components/scan-extent.tsx';
import { PhaseBars } from '../../shared/components/phase-bar.tsx';
import { isActive, ScanStatus } from '../../shared/components/scan-status.tsx';
import { Time } from '../../shared/components/time.tsx';
import { useFilters } from '../../shared/components/use-filters.ts';
import { paths } from '../../shared/paths.ts';
import { ConnectionMark } from '../../shared/live/connection-mark.tsx';
import { PreviousLink } from './compare-bar.tsx';
import { HostsTable } from './hosts-table.tsx';
import { noFindingWords } from './empty-words.ts';
import { LedgerGrid } from './ledger-grid.tsx';
import { ScanActions } from './scan-actions.tsx';
import { StatusReason } from './status-reason.tsx';
import { FindingsFeed, NotesSection, NotEvaluableSection, PlanSection, ScanFigures } from './scan-parts.tsx';
import classes from './scan.module.css';
import { WhyField } from './why-field.tsx';
import { useScanLive } from './use-scan-live.ts';

// Not of the first load: another tab, and what opens with a click.
const DetectionsTable = lazy(() =>
  import('../../shared/inventory/detections-table.tsx').then((module) => ({ default: module.DetectionsTable })),
);
const AccountPanel = lazy(() => import('./account-panel.tsx').then((module) => ({ default: module.AccountPanel })));

/** One scan or map: live while it runs, its result after. */
export function ScanPage() {
  const params = useParams({ strict: false });
  const id = Number(params.id);
  const query = useItem(scanDetail, `/scans/${id}`, { refetchMs: 10_000 });
  return (
    <LoadedPage query={query} what="scan" list={{ to: paths.scans, label: 'All scans' }}>
      {(scan) => <Content key={scan.id} scan={scan} />}
    </LoadedPage>
  );
}

function Content({ scan }: { scan: ScanDetail }) {
  const active = isActive(scan.status);
  const live = useScanLive(scan.id, active);
  const [filters, setFilters] = useFilters();
  // Whoever watched it end keeps the tab that was open: nothing changes place by itself.
  const [first] = useState(active ? 'progress' : 'hosts');
  const tab = filters.tab ?? first;
  const empty = noFindingWords(scan);
  const noFinding = empty === undefined ? {} : { empty };
  const title = scan.title || `${scan.kind === 'map' ? 'Map' : 'Scan'} ${scan.id}`;
  return (
    <Page
      title={title}
      about={
        <>
          <ScanStatus status={scan.status} complete={scan.complete} />
          {active ? (
            <ConnectionMark connection={live.connection} />
          ) : (
            <span>
              ended <Time at={scan.endedAt} />
            </span>
          )}
          <span>in {scan.networkName}</span>
          <AppLink to={paths.map(scan.id)}>Open the map</AppLink>
          {active ? null : <PreviousLink scanId={scan.id} />}
        </>
      }
      actions={<ScanActions scan={scan} />}
    >
      <StatusReason scan={scan} />
      <ScanFigures scan={scan} active={active} />
      <div className="pk-card" style={{ padding: '10px 16px 14px' }}>
        <PhaseBars
          phases={scan.phases}
          empty={active ? 'waiting' : isNothingScanned(scan) ? 'not scanned' : 'nothing to do'}
        />
      </div>
      <Tabs
        value={tab}
        onChange={(next) =>
          setFilters({ tab: next ?? undefined, state: undefined, rows: undefined, why: undefined }, { replace: true })
        }
        keepMounted={false}
      >
        <Tabs.List mb="sm" className={classes.tabs}>
          <Tabs.Tab value="progress">Progress</Tabs.Tab>
          <Tabs.Tab value="hosts">Hosts</Tabs.Tab>
          {scan.kind === 'scan' ? <Tabs.Tab value="findings">Findings</Tabs.Tab> : null}
          <Tabs.Tab value="plan">Plan and notes</Tabs.Tab>
        </Tabs.List>
        <Suspense fallback={null}>
          <Tabs.Panel value="progress">
            <div className={classes.live}>
              <div className={classes.stack}>
                <LedgerGrid scan={scan} />
              </div>
              <div className={classes.stack}>
                {scan.kind === 'scan' && (active || live.feed.shown.length > 0) ? (
                  <FindingsFeed feed={live.feed} onHold={live.setHold} onRelease={live.release} />
                ) : null}
                <NotEvaluableSection scan={scan} />
                <NotesSection scan={scan} />
              </div>
            </div>
          </Tabs.Panel>
          <Tabs.Panel value="hosts">
            <WhyField names={scan.plan.names} onAsk={(why) => setFilters({ why })} />
            <Split>
              <HostsTable scan={scan} onAsk={(why) => setFilters({ why })} />
              {filters.why === undefined ? null : (
                <AccountPanel
                  key={filters.why}
                  scanId={scan.id}
                  address={filters.why}
                  onClose={() => setFilters({ why: undefined })}
                />
              )}
            </Split>
          </Tabs.Panel>
          <Tabs.Panel value="findings">
            <DetectionsTable filter={{ scanId: scan.id }} maxHeight={560} {...noFinding} />
          </Tabs.Panel>
          <Tabs.Panel value="plan">
            <div className={classes.stack}>
              <PlanSection scan={scan} />
              <NotEvaluableSection scan={scan} />
              <NotesSection scan={scan} />
            </div>
          </Tabs.Panel>
        </Suspense>
      </Tabs>
    </Page>
  );
}
