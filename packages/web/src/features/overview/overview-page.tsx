import { overview, type Overview } from '@picket/contracts/api/inventory';
import { Button } from '@mantine/core';
import { useItem } from '../../shared/api/use-item.ts';
import { AppLink } from '../../shared/components/app-link.tsx';
import { EmptyState } from '../../shared/components/empty-state.tsx';
import { Figure, Figures } from '../../shared/components/facts.tsx';
import { Loaded, Page, Section } from '../../shared/components/page.tsx';
import { Severity, SeverityCounts, worstFirst } from '../../shared/components/severity.tsx';
import { formatCount, formatPercent } from '../../shared/format/number.ts';
import { StopAllButton } from '../../shared/holds/stop-all-button.tsx';
import { useNewScan } from '../../shared/launch/new-scan-context.ts';
import { paths } from '../../shared/paths.ts';
import { useNow } from '../../shared/time/use-now.ts';
import classes from './overview.module.css';

const minuteMs = 60_000;
const weekMs = 7 * 24 * 60 * minuteMs;

/** What changed, and what needs somebody today. */
export function OverviewPage() {
  const query = useItem(overview, '/overview', { refetchMs: 30_000 });
  return (
    <Page title="Overview" actions={<StopAllButton />}>
      <Loaded query={query}>
        {(data) => (data.assets === 0 && data.runningScans.length === 0 ? <Nothing /> : <Content data={data} />)}
      </Loaded>
    </Page>
  );
}

function Nothing() {
  const newScan = useNewScan();
  return (
    <div className="pk-card">
      <EmptyState
        title="Nothing has been scanned yet"
        sentence="A scan finds the hosts of a network, their services and their weaknesses; what it could not test, it says."
        action={<Button onClick={() => newScan()}>New scan</Button>}
        example="scan 127.0.0.1 to see what this machine offers"
      />
    </div>
  );
}

function Content({ data }: { data: Overview }) {
  const weekAgo = new Date(Math.floor(useNow() / minuteMs) * minuteMs - weekMs).toISOString();
  const open = worstFirst.reduce((sum, severity) => sum + data.detections[severity], 0);
  return (
    <>
      <Figures>
        <Number
          value={data.newLast7Days}
          name="new in 7 days"
          to={paths.detections}
          filters={{ firstSeenSince: weekAgo }}
        />
        <Number value={data.reopened} name="reopened" to={paths.detections} filters={{ status: 'reopened' }} />
        <Number value={open} name="open detections" to={paths.detections} />
        <Number
          value={data.notEvaluable}
          name="could not be tested"
          to={paths.detections}
          filters={{ untested: 'true' }}
          hatched
        />
        <Number
          value={data.assets}
          name={data.assets === 1 ? 'asset' : 'assets'}
          to={paths.assets}
          note={data.assetsNeverScanned > 0 ? `${formatCount(data.assetsNeverScanned)} never scanned` : undefined}
        />
        <Number
          value={data.appliances.online}
          name={data.appliances.online === 1 ? 'appliance online' : 'appliances online'}
          to={paths.appliances}
          note={trouble(data)}
        />
      </Figures>
      {data.runningScans.length > 0 ? <Running data={data} /> : null}
      <Section title="Open detections by severity">
        <ul className={classes.bars}>
          {worstFirst.map((severity) => (
            <li key={severity}>
              <AppLink to={paths.detections} filters={{ severity }}>
                <Severity severity={severity} />
              </AppLink>
              <span className={classes.track}>
                <span
                  data-severity={severity}
                  style={{ width: `${open === 0 ? 0 : (data.detections[severity] / open) * 100}%` }}
                />
              </span>
              <span>{formatCount(data.detections[severity])}</span>
            </li>
          ))}
        </ul>
      </Section>
      <div className={classes.two}>
        <Section title="Worst assets">
          <ul className={classes.list}>
            {data.worstAssets.map((asset) => (
              <li key={asset.id}>
                <AppLink to={paths.asset(asset.id)}>
                  <span className="pk-mono">{asset.address}</span> {asset.name}
                </AppLink>
                <SeverityCounts counts={asset.detections} />
              </li>
            ))}
            {data.worstAssets.length === 0 ? <li>No asset has an open detection.</li> : null}
          </ul>
        </Section>
        <Section title="Worst checks">
          <ul className={classes.list}>
            {data.topChecks.map((check) => (
              <li key={check.check}>
                <AppLink to={paths.detections} filters={{ check: check.check }}>
                  {check.name}
                </AppLink>
                <span>
                  <Severity severity={check.severity} /> · {check.assets}
                </span>
              </li>
            ))}
            {data.topChecks.length === 0 ? <li>No check has found anything.</li> : null}
          </ul>
        </Section>
      </div>
    </>
  );
}

function Running({ data }: { data: Overview }) {
  return (
    <Section title="Running now">
      <ul className={classes.list}>
        {data.runningScans.map((scan) => (
          <li key={scan.id}>
            <AppLink to={paths.scan(scan.id)}>{scan.title || `Scan ${scan.id}`}</AppLink>
            <span>{formatPercent(scan.progress)}</span>
          </li>
        ))}
      </ul>
    </Section>
  );
}

function trouble({ appliances }: Overview): string | undefined {
  const parts = [
    appliances.offline > 0 ? `${appliances.offline} offline` : '',
    appliances.waiting > 0 ? `${appliances.waiting} waiting` : '',
  ];
  return parts.filter((part) => part !== '').join(', ') || undefined;
}

function Number(props: {
  value: number;
  name: string;
  to: string;
  filters?: Record<string, string>;
  note?: string | undefined;
  hatched?: boolean;
}) {
  const value =
    props.hatched && props.value > 0 ? (
      <span className={`pk-hatch ${classes.hatched}`}>{formatCount(props.value)}</span>
    ) : (
      formatCount(props.value)
    );
  return <Figure value={value} name={props.name} note={props.note} to={props.to} filters={props.filters ?? {}} />;
}
