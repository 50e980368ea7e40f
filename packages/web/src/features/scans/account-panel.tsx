import { hostAccount, type HostAccount } from '@picket/contracts/api/host-account';
import { useItem } from '../../shared/api/use-item.ts';
import { Address } from '../../shared/components/address.tsx';
import { Fact, Facts } from '../../shared/components/facts.tsx';
import { Loaded, Section } from '../../shared/components/page.tsx';
import { SidePanel } from '../../shared/components/side-panel.tsx';
import { Time } from '../../shared/components/time.tsx';
import { explainReason, phaseWords } from '../../shared/format/words.ts';
import classes from './scan.module.css';

const outcomeWords: Readonly<Record<HostAccount['outcome'], string>> = {
  found: 'Found',
  silent: 'Silent',
  'not-tested': 'Not tested',
  'not-known': 'Not known',
  waiting: 'Waits',
  running: 'In work',
  excluded: 'Excluded',
  'not-asked-for': 'Not asked for',
  'not-seen': 'Not yours to see',
};
/** Outcomes that prove nothing: hatched, never green. */
const unknown: readonly HostAccount['outcome'][] = ['not-tested', 'not-known', 'not-seen'];

const sourceWords: Readonly<Record<HostAccount['lines'][number]['source'], string>> = {
  targets: 'targets',
  name: 'targets, by name',
  'asset-group': 'asset group, as it is now',
  tag: 'tag, as it is now',
  map: 'map that it was taken from',
  'earlier-target': 'a group, tag or map of that time',
  exclude: 'exclusions of the scan',
  'subscription-exclusion': 'exclusions of the subscription',
  'network-exclusion': 'exclusions of the network',
  'group-exclusion': 'exclusions of an asset group',
  'earlier-exclusion': 'an exclusion of that time',
};

/** Why an address is in the results of a scan, or is not. */
export function AccountPanel(props: { scanId: number; address: string; onClose: () => void }) {
  const query = useItem(hostAccount, `/scans/${props.scanId}/hosts/${props.address}/account`);
  return (
    <SidePanel label="Account of a host" title={<Address>{props.address}</Address>} onClose={props.onClose}>
      <Loaded query={query}>{(account) => <Account account={account} />}</Loaded>
    </SidePanel>
  );
}

function Account({ account }: { account: HostAccount }) {
  return (
    <div className={classes.stack}>
      <p className={classes.because}>
        <strong className={unknown.includes(account.outcome) ? 'pk-hatch' : ''}>{outcomeWords[account.outcome]}</strong>{' '}
        {account.because}
        {account.remedy === null ? null : <span className={classes.remedy}>{account.remedy}</span>}
      </p>
      <Section title="In scope">
        <Facts>
          <Fact name="Part of the plan">{account.inPlan ? 'yes' : 'no'}</Fact>
          {account.lines.map((line) => (
            <Fact
              key={`${line.source}${line.line}${line.text}`}
              name={line.effect === 'includes' ? 'Taken in' : 'Taken out'}
            >
              <span className="pk-mono">{line.text}</span> {sourceWords[line.source]}
              {line.line === null ? '' : `, line ${line.line}`}
            </Fact>
          ))}
          {account.lines.length === 0 ? <Fact name="Lines">none holds it</Fact> : null}
        </Facts>
      </Section>
      {account.slice ? <SliceSection slice={account.slice} /> : null}
      {account.discovery ? <DiscoverySection discovery={account.discovery} /> : null}
      {account.inPlan ? <PhasesSection account={account} /> : null}
      {account.notes.length > 0 ? (
        <Section title="Notes">
          <ul className={classes.notes}>
            {account.notes.map((note) => (
              <li key={`${note.at}${note.message}`} data-level={note.level}>
                <strong>{note.level}</strong> · <Time at={note.at} /> {note.ofHost ? 'of the host' : 'of its slice'}
                <div>{note.message}</div>
              </li>
            ))}
          </ul>
        </Section>
      ) : null}
    </div>
  );
}

function SliceSection({ slice }: { slice: NonNullable<HostAccount['slice']> }) {
  return (
    <Section title="Who had it">
      <Facts>
        <Fact name="Slice">
          {slice.number}, {slice.state}
          {slice.reason === null ? '' : `: ${explainReason(slice.reason).label.toLowerCase()}`}
          {slice.detail === null ? '' : ` (${slice.detail})`}
        </Fact>
        {slice.leases.map((lease) => (
          <Fact key={lease.attempt} name={`Attempt ${lease.attempt}`}>
            {lease.appliance ?? 'an appliance that you do not see'}, <Time at={lease.grantedAt} />
          </Fact>
        ))}
        {slice.claimedBy.length === 0 ? null : (
          <Fact name="Left to">{slice.claimedBy.join(', ')}: has a VLAN or route there</Fact>
        )}
        {slice.leases.length === 0 ? <Fact name="Leased">to no appliance</Fact> : null}
        {slice.givenBack > 0 ? <Fact name="Given back">{slice.givenBack} times, as its window ended</Fact> : null}
      </Facts>
    </Section>
  );
}

function DiscoverySection({ discovery }: { discovery: NonNullable<HostAccount['discovery']> }) {
  return (
    <Section title="Discovery">
      <Facts>
        <Fact name="Answer">{discovery.answer ?? 'no fact speaks of it'}</Fact>
        <Fact name="Block">
          <Address>{discovery.block}</Address>: {stateText(discovery)}, <Time at={discovery.at} />
        </Fact>
        <Fact name="Sent">
          {discovery.probes.map((probe) => (
            <div key={probe}>{probe}</div>
          ))}
        </Fact>
      </Facts>
    </Section>
  );
}

function PhasesSection({ account }: { account: HostAccount }) {
  return (
    <Section title="Phases and ports">
      <Facts>
        {account.phases.map((one) => (
          <Fact key={one.phase} name={phaseWords[one.phase]}>
            {stateText(one)}
            {one.at === null ? null : (
              <>
                , <Time at={one.at} />
              </>
            )}
          </Fact>
        ))}
        {account.ports.map((of) => (
          <Fact key={of.protocol} name={`${of.protocol.toUpperCase()} ports`}>
            <Ports name="open" list={of.open} />
            <Ports name="closed" list={of.closed} />
            <Ports name="no answer" list={of.noAnswer} />
            <Ports name={of.coverageKnown ? 'not tested' : 'not known to be tested'} list={of.notTested} />
          </Fact>
        ))}
      </Facts>
    </Section>
  );
}

function Ports({ name, list }: { name: string; list: string }) {
  if (list === '') return null;
  return (
    <div>
      {name}: <span className="pk-mono">{list.length > 300 ? `${list.slice(0, 300)}…` : list}</span>
    </div>
  );
}

const stateWords = {
  pending: 'waiting',
  leased: 'leased',
  running: 'running',
  done: 'done',
  'not-evaluable': 'not evaluable',
  cancelled: 'cancelled',
  'not-planned': 'not part of this scan',
  'not-begun': 'not tested: the host was not found',
} as const;

function stateText(of: Pick<HostAccount['phases'][number], 'state' | 'reason' | 'detail'>): string {
  const reason = of.reason === null ? '' : `: ${explainReason(of.reason).label.toLowerCase()}`;
  return `${stateWords[of.state]}${reason}${of.detail === null ? '' : ` (${of.detail})`}`;
}
