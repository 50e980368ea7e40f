import type { PlanOutlook } from '@picket/contracts/api/plan-outlook';
import { Address } from '../components/address.tsx';
import { AppLink } from '../components/app-link.tsx';
import { Fact } from '../components/facts.tsx';
import { Time } from '../components/time.tsx';
import { NotKnown } from '../components/unknown.tsx';
import { formatDuration } from '../format/duration.ts';
import { plural } from '../format/number.ts';
import { paths } from '../paths.ts';

/** What can be expected of a plan, and on what that is based. */
export function OutlookFacts({ outlook }: { outlook: PlanOutlook }) {
  return (
    <>
      <Fact name="Expected">
        <Expected duration={outlook.duration} />
      </Fact>
      {outlook.windows === null ? null : (
        <Fact name="Windows">
          <WindowText windows={outlook.windows} />
        </Fact>
      )}
      <Fact name="Way there">
        <WayText way={outlook.way} />
      </Fact>
      <Fact name="Appliances">
        <ReachText reach={outlook.reach} />
      </Fact>
      {outlook.unregistered.map(({ group, addresses }) => (
        <Fact key={group} name="Left out">
          {plural(addresses, 'address', 'addresses')} of the asset group {group}: not registered in the network
        </Fact>
      ))}
    </>
  );
}

function Expected({ duration }: { duration: PlanOutlook['duration'] }) {
  const { basis, seconds, fromSeconds, toSeconds, scans, since } = duration;
  if (basis === 'model') return `at most ${formatDuration(seconds)}, by rate and packets: no earlier scan tells`;
  const spread = fromSeconds === toSeconds ? '' : ` (${formatDuration(fromSeconds)} to ${formatDuration(toSeconds)})`;
  return (
    <>
      about {formatDuration(seconds)}
      {spread}, measured by {plural(scans, 'earlier scan')} since <Time at={since} />
    </>
  );
}

function WindowText({ windows }: { windows: NonNullable<PlanOutlook['windows']> }) {
  const { opensAt, fits, runs, endsAt, cut } = windows;
  if (opensAt === null) return 'they never open';
  if (cut)
    return (
      <>
        the longest run cancels it <Time at={endsAt} />
      </>
    );
  if (fits)
    return (
      <>
        it fits: <Time at={opensAt} /> to <Time at={endsAt} />
      </>
    );
  if (runs === null) return 'it does not fit, and its end can not be foreseen';
  return (
    <>
      it does not fit: about {plural(runs, 'run')}, ends about <Time at={endsAt} />
    </>
  );
}

function WayText({ way }: { way: PlanOutlook['way'] }) {
  if (way.known === 'not-known') return <NotKnown>not known: no map or scan traced it</NotKnown>;
  const source = way.scanId === null ? null : <AppLink to={paths.map(way.scanId)}>map {String(way.scanId)}</AppLink>;
  if (way.known === 'on-link') return <div>on the same link as an appliance, without a hop ({source})</div>;
  return (
    <>
      <div>
        traced to {plural(way.traced, 'target')}, last in {source}
      </div>
      {way.hops.slice(0, 5).map((hop) => (
        <div key={hop.address}>
          <Address>{hop.address}</Address> {hop.name ?? ''} before {plural(hop.targets, 'target')}:{' '}
          {hop.stateful === null ? (
            <NotKnown>not known whether it keeps connections</NotKnown>
          ) : (
            `a firewall (${hop.stateful})`
          )}
        </div>
      ))}
      {way.hops.length === 0 ? <div>no hop answered</div> : null}
    </>
  );
}

function ReachText({ reach }: { reach: PlanOutlook['reach'] }) {
  if (reach.length === 0) return 'none';
  return reach.map((one) => (
    <div key={one.id}>
      {one.name}
      {one.online ? '' : ' (offline)'}:{' '}
      {one.way === 'own-network' ? (
        'has a VLAN or route there'
      ) : one.way === 'found-hosts' ? (
        `found ${plural(one.hosts, 'host')} there in scan ${one.scanId ?? ''}`
      ) : (
        <NotKnown>not known whether it reaches them</NotKnown>
      )}
    </div>
  ));
}
