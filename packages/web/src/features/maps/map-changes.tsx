import { ownValue } from '@picket/base/own-value';
import { type MapAnswer, type MapDifferenceAnswer, mapDifferenceAnswer } from '@picket/contracts/api/map';
import { scanSummary } from '@picket/contracts/api/scan';
import { type DifferenceKind, hostDifference, type HostDifference } from '@picket/contracts/map/map-difference';
import { Alert, NativeSelect } from '@mantine/core';
import { useItem } from '../../shared/api/use-item.ts';
import { useList } from '../../shared/api/use-list.ts';
import { Address } from '../../shared/components/address.tsx';
import { AppLink } from '../../shared/components/app-link.tsx';
import { type Column, DataTable, ListCount } from '../../shared/components/data-table.tsx';
import { EmptyState } from '../../shared/components/empty-state.tsx';
import { Loaded, Section } from '../../shared/components/page.tsx';
import { FilterBar, FilterChips } from '../../shared/components/query-line.tsx';
import { Time } from '../../shared/components/time.tsx';
import { NotKnown } from '../../shared/components/unknown.tsx';
import { useFilters } from '../../shared/components/use-filters.ts';
import { formatCount } from '../../shared/format/number.ts';
import { explainReason } from '../../shared/format/words.ts';
import { paths } from '../../shared/paths.ts';
import classes from './maps.module.css';
import { roleWord } from './role-words.ts';

const kindWords: Readonly<Record<DifferenceKind, string>> = {
  new: 'New',
  gone: 'Gone',
  changed: 'Changed',
  'not-tested': 'Not tested this time',
  'not-tested-before': 'Not tested before',
};

const whatWords = { name: 'name', mac: 'MAC', role: 'role', os: 'system', port: 'port', gateway: 'gateway' } as const;

/** What is new, gone or changed since an earlier map; what was not tested is kept apart from what is gone. */
export function MapChanges({ map }: { map: MapAnswer }) {
  const [filters] = useFilters();
  const to = filters.to ?? '';
  const query = useItem(mapDifferenceAnswer, `/maps/${map.job.id}/difference?limit=1${to === '' ? '' : `&to=${to}`}`);
  return (
    <Loaded query={query} height={320}>
      {(difference) => <Compared map={map} difference={difference} />}
    </Loaded>
  );
}

function Compared({ map, difference }: { map: MapAnswer; difference: MapDifferenceAnswer }) {
  const [filters, setFilters] = useFilters();
  const { baseline, counts } = difference;
  const list = useList(hostDifference, `/maps/${map.job.id}/difference`, { kind: filters.kind, to: filters.to });
  if (baseline === null) {
    return (
      <EmptyState
        title="Nothing to compare with"
        sentence="There is no earlier finished map of this network. The next one shows here what is new, gone and changed."
      />
    );
  }
  const figures: readonly (readonly [DifferenceKind, number])[] = [
    ['new', counts.new],
    ['gone', counts.gone],
    ['changed', counts.changed],
    ['not-tested', counts.notTested],
    ['not-tested-before', counts.notTestedBefore],
  ];
  return (
    <div className={classes.stack}>
      <FilterBar>
        <BaselineChoice map={map} chosen={baseline.id} />
        <span>
          ended <Time at={baseline.endedAt} />
        </span>
        <FilterChips
          label="Kind of change"
          single
          options={figures.map(([value, count]) => ({ value, label: `${kindWords[value]} ${formatCount(count)}` }))}
          value={filters.kind ?? ''}
          onChange={(kind) => setFilters({ kind })}
        />
        <ListCount list={list} noun="difference" />
      </FilterBar>
      {difference.sameTargets ? null : (
        <Alert variant="default" p="xs">
          The two maps had other targets. What only one of them looked at is not tested, neither new nor gone.
        </Alert>
      )}
      <p className={classes.note}>
        Gone: the address was tried again and nothing answered; a firewall that drops everything looks the same.{' '}
        {formatCount(counts.same)} hosts are as they were. Guesses are not compared.
      </p>
      <NetworkChanges difference={difference} />
      <DataTable
        label="Changes since the earlier map"
        columns={columns(map.job.id)}
        list={list}
        rowKey={(item) => `${item.kind}${item.address}`}
        maxHeight={520}
        empty={<EmptyState title="No difference" sentence="No host is new, gone or changed between the two maps." />}
      />
    </div>
  );
}

/** The earlier job; the platform's choice unless somebody chooses another. */
function BaselineChoice({ map, chosen }: { map: MapAnswer; chosen: number }) {
  const [, setFilters] = useFilters();
  const { job } = map;
  const filter = { kind: job.kind, networkId: job.networkId, status: 'finished' };
  const jobs = useList(scanSummary, '/scans', filter, { limit: 100 });
  const others = jobs.items.filter((one) => one.id !== job.id);
  return (
    <NativeSelect
      size="xs"
      aria-label="Compared with"
      value={String(chosen)}
      onChange={(event) => setFilters({ to: event.currentTarget.value })}
      data={[
        ...(others.some((one) => one.id === chosen)
          ? []
          : [{ value: String(chosen), label: `Compared with ${chosen}` }]),
        ...others.map((one) => ({
          value: String(one.id),
          label: `Compared with ${one.id}: ${one.title || one.targets}`,
        })),
      ]}
    />
  );
}

function NetworkChanges({ difference }: { difference: MapDifferenceAnswer }) {
  if (difference.networks.length === 0) return null;
  const words = { new: 'new', 'not-seen': 'not seen this time', gateways: 'other gateways' } as const;
  return (
    <Section title="Networks">
      <ul className={classes.roles}>
        {difference.networks.slice(0, 100).map((one) => (
          <li key={one.prefix}>
            <Address>{one.prefix}</Address> {words[one.kind]}
            {signed(one.added, one.removed) === '' ? '' : `: ${signed(one.added, one.removed)}`}
          </li>
        ))}
      </ul>
    </Section>
  );
}

function columns(mapId: number): readonly Column<HostDifference>[] {
  return [
    { key: 'kind', title: 'Change', width: 'minmax(76px, 150px)', cell: (item) => <Kind item={item} /> },
    {
      key: 'address',
      title: 'Address',
      width: 'minmax(110px, 1fr)',
      cell: (item) => (
        <AppLink to={paths.map(mapId)} filters={{ tab: 'hosts', q: item.address }}>
          <Address>{item.address}</Address>
        </AppLink>
      ),
    },
    {
      key: 'name',
      title: 'Name',
      width: 'minmax(80px, 1fr)',
      wide: true,
      cell: (item) => (item.name ? <span className="pk-truncate">{item.name}</span> : <NotKnown>no name</NotKnown>),
    },
    { key: 'what', title: 'What', width: 'minmax(120px, 3fr)', cell: (item) => <What item={item} /> },
  ];
}

/** What is not known has the look of the unknown. */
function Kind({ item }: { item: HostDifference }) {
  const unknown = item.kind === 'not-tested' || item.kind === 'not-tested-before';
  return <span className={unknown ? 'pk-hatch pk-truncate' : 'pk-truncate'}>{kindWords[item.kind]}</span>;
}

const untestedWords: Readonly<Record<string, string>> = {
  'not-in-targets': 'It was not among the targets.',
  'not-reached-yet': 'The job had not come to it.',
};

function What({ item }: { item: HostDifference }) {
  const { reason } = item;
  const text =
    reason === null
      ? item.changes
          .map((one) => `${whatWords[one.what]} ${signed(wordsOf(one, one.added), wordsOf(one, one.removed))}`)
          .join('; ')
      : (ownValue(untestedWords, reason) ?? explainReason(reason).meaning);
  return (
    <span className={classes.changes} title={text}>
      {text}
    </span>
  );
}

function wordsOf(change: HostDifference['changes'][number], values: readonly string[]): readonly string[] {
  return change.what === 'role' ? values.map((value) => roleWord(value).label) : values;
}

/** `+22/tcp −80/tcp`. */
function signed(added: readonly string[], removed: readonly string[]): string {
  return [...added.map((value) => `+${value}`), ...removed.map((value) => `−${value}`)].join(' ');
}
