import type { ScanDetail } from '@picket/contracts/api/scan';
import { Address } from '../../shared/components/address.tsx';
import { AppLink } from '../../shared/components/app-link.tsx';
import { Fact, Facts, Figure, Figures } from '../../shared/components/facts.tsx';
import { Section } from '../../shared/components/page.tsx';
import { Counted, FindingCounts, isNothingScanned } from '../../shared/components/scan-extent.tsx';
import { Severity } from '../../shared/components/severity.tsx';
import { Time } from '../../shared/components/time.tsx';
import { UnknownBlock } from '../../shared/components/unknown.tsx';
import { formatDuration, timeLeft } from '../../shared/format/duration.ts';
import { foundTargetsText } from '../../shared/launch/found-targets-text.ts';
import { ExcludedParts } from '../../shared/launch/excluded-parts.tsx';
import { formatCount, formatPercent, formatRate, plural } from '../../shared/format/number.ts';
import { phaseWords } from '../../shared/format/words.ts';
import { NewPill } from '../../shared/live/connection-mark.tsx';
import { paths } from '../../shared/paths.ts';
import type { Feed } from './live-patch.ts';
import classes from './scan.module.css';

/** How far, how fast, how long. */
export function ScanFigures({ scan, active }: { scan: ScanDetail; active: boolean }) {
  const left = scan.etaSeconds === null ? null : timeLeft(scan.etaSeconds);
  const took =
    scan.startedAt && scan.endedAt
      ? formatDuration((Date.parse(scan.endedAt) - Date.parse(scan.startedAt)) / 1000)
      : '–';
  return (
    <Figures>
      <Figure
        value={
          <Counted scan={scan} count={scan.progress}>
            {formatPercent(scan.progress)}
          </Counted>
        }
        name="progress"
      />
      {active ? (
        <Figure
          value={left?.amount ?? '–'}
          name={left ? `left, ${left.meant === 'under' ? 'at most' : 'about'}` : 'time left: not known yet'}
        />
      ) : (
        <Figure value={took} name="duration" />
      )}
      {active ? <RateNow sent={scan.sent} /> : <Figure value={formatRate(scan.sent.peakRate)} name="packets, peak" />}
      <Figure
        value={
          <Counted scan={scan} count={scan.hostsUp}>
            {formatCount(scan.hostsUp)}
          </Counted>
        }
        name={scan.hostsUp === 1 ? 'host up' : 'hosts up'}
        to={paths.scan(scan.id)}
        filters={{ tab: 'hosts' }}
      />
      {scan.kind === 'scan' ? (
        <Figure
          value={
            <Counted scan={scan} count={scan.openPorts}>
              {formatCount(scan.openPorts)}
            </Counted>
          }
          name={scan.openPorts === 1 ? 'open port' : 'open ports'}
          to={paths.scan(scan.id)}
          filters={{ tab: 'hosts' }}
        />
      ) : null}
      {scan.kind === 'scan' ? (
        <Figure
          value={<FindingCounts scan={scan} />}
          name="findings"
          wide
          to={paths.detections}
          filters={{ scanId: String(scan.id) }}
        />
      ) : null}
    </Figures>
  );
}

/** Packets a second; before the first report there is no rate that could be zero. */
function RateNow({ sent }: Pick<ScanDetail, 'sent'>) {
  if (sent.packets === 0) return <Figure value="–" name="packets: none reported yet" />;
  return <Figure value={formatRate(sent.rate)} name="packets now" note={`peak ${formatRate(sent.peakRate)}`} />;
}

/** Findings as they stream in; held back while the pointer is on them. */
export function FindingsFeed({
  feed,
  onHold,
  onRelease,
}: {
  feed: Feed;
  onHold: (over: boolean) => void;
  onRelease: () => void;
}) {
  return (
    <Section title="Findings coming in" flush actions={<NewPill count={feed.waiting.length} onShow={onRelease} />}>
      <ul
        className={classes.feed}
        onPointerEnter={() => onHold(true)}
        onPointerLeave={() => onHold(false)}
        tabIndex={0}
        aria-label="Findings coming in"
      >
        {feed.shown.map((finding) => (
          <li key={finding.detectionId}>
            <Severity severity={finding.severity} />
            <span>
              <AppLink
                to={paths.detections}
                filters={{ scanId: String(finding.scanId), open: String(finding.detectionId) }}
              >
                {finding.name}
              </AppLink>
              <br />
              <Address>
                {finding.address}
                {finding.port === null ? '' : `:${finding.port}`}
              </Address>
            </span>
          </li>
        ))}
        {feed.shown.length === 0 ? (
          <li style={{ gridTemplateColumns: '1fr' }}>Findings since this page was opened appear here.</li>
        ) : null}
      </ul>
    </Section>
  );
}

/** What could not be judged, why, and what would make it possible. */
export function NotEvaluableSection({ scan }: { scan: ScanDetail }) {
  return (
    <Section title="Not evaluable">
      <div className={classes.reasons}>
        {scan.notEvaluable.map((entry) => (
          <UnknownBlock
            key={`${entry.phase}${entry.reason}`}
            reason={entry.reason}
            count={`${phaseWords[entry.phase]}: ${plural(entry.units, 'unit')}`}
          />
        ))}
        {scan.notEvaluable.length === 0 ? <span>{emptyWords(scan)}</span> : null}
      </div>
    </Section>
  );
}

function emptyWords(scan: ScanDetail): string {
  const { complete, phases } = scan;
  if (isNothingScanned(scan)) return 'Nothing was left to evaluate: every address was excluded after the launch.';
  if (complete === true) return 'Every unit was evaluated.';
  if (complete === null) return 'Nothing so far.';
  const cancelled = phases.reduce((sum, phase) => sum + phase.cancelled, 0);
  if (cancelled > 0) return `Nothing, but ${plural(cancelled, 'unit')} cancelled before the end.`;
  return 'There was nothing to evaluate.';
}

/** What the engine had to say. */
export function NotesSection({ scan }: { scan: ScanDetail }) {
  return (
    <Section title="Errors and notes">
      <ul className={classes.notes}>
        {scan.notes.map((note) => (
          <li key={`${note.at}${note.code}${note.address ?? ''}${note.message}`} data-level={note.level}>
            <strong>{note.level}</strong> · <Time at={note.at} />{' '}
            {note.address ? <Address>{note.address}</Address> : null}
            <div>{note.message}</div>
          </li>
        ))}
        {scan.notes.length === 0 ? <li>No trouble was reported.</li> : null}
      </ul>
    </Section>
  );
}

/** The plan it runs by, and what was really sent. */
export function PlanSection({ scan }: { scan: ScanDetail }) {
  return (
    <Section title="Plan and traffic">
      <Facts>
        <Fact name="Targets">
          <span className="pk-mono">{scan.targets}</span>
          <div>{foundTargetsText(scan.request)}</div>
        </Fact>
        <Fact name="Excluded">
          <ExcludedParts parts={scan.plan.excluded} />
          {scan.request.exclude === '' ? null : <div className="pk-mono">{scan.request.exclude}</div>}
        </Fact>
        <Fact name="Ports">
          <span className="pk-mono">{scan.request.ports}</span>
        </Fact>
        <Fact name="Profile">{scan.request.profile}</Fact>
        {scan.plan.optionProfile === null ? null : (
          <Fact name="Option profile">
            {scan.plan.optionProfile.name}, version {scan.plan.optionProfile.version}
          </Fact>
        )}
        <Fact name="Planned">
          {formatCount(scan.plan.addresses)} addresses, at most {formatCount(scan.plan.packets)} packets
        </Fact>
        <Fact name="Sent">
          {formatCount(scan.sent.packets)} packets, {formatCount(scan.sent.connections)} connections,{' '}
          {formatCount(scan.sent.answers)} answers, {formatCount(scan.sent.timeouts)} timeouts
        </Fact>
        <Fact name="Busiest host">
          {scan.sent.busiestHost ? (
            <>
              <Address>{scan.sent.busiestHost.address}</Address>, {formatCount(scan.sent.busiestHost.packets)} packets
            </>
          ) : (
            'none'
          )}
        </Fact>
        <Fact name="Appliances">
          {scan.appliances.length === 0
            ? 'none yet'
            : scan.appliances.map((one) => `${one.name} (${plural(one.slices, 'slice')}, ${one.state})`).join(', ')}
        </Fact>
        <Fact name="Slices">
          {scan.slices.done} done, {scan.slices.leased} running, {scan.slices.pending} waiting, {scan.slices.cancelled}{' '}
          cancelled
        </Fact>
        <Fact name="Launched by">
          {scan.createdBy}, <Time at={scan.createdAt} />
        </Fact>
      </Facts>
    </Section>
  );
}
