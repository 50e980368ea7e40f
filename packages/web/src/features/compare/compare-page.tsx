import {
  compareItem,
  compareKind,
  type CompareKind,
  comparePage,
  type ComparePage,
} from '@picket/contracts/api/compare';
import { Alert, Button, Stack, Tabs } from '@mantine/core';
import { useParams } from '@tanstack/react-router';
import { apiBase } from '../../shared/api/client.ts';
import { useItem } from '../../shared/api/use-item.ts';
import { useList } from '../../shared/api/use-list.ts';
import { AppLink } from '../../shared/components/app-link.tsx';
import { DataTable, ListCount } from '../../shared/components/data-table.tsx';
import { EmptyState } from '../../shared/components/empty-state.tsx';
import { LoadedPage } from '../../shared/components/loaded-page.tsx';
import { Page } from '../../shared/components/page.tsx';
import { FilterBar, FilterChips } from '../../shared/components/query-line.tsx';
import { Time } from '../../shared/components/time.tsx';
import { useFilters } from '../../shared/components/use-filters.ts';
import { formatCount } from '../../shared/format/number.ts';
import { paths } from '../../shared/paths.ts';
import { columnsOf } from './compare-columns.tsx';
import { changesOfKind, changeWords, kindWords } from './compare-words.ts';

/** Two scans against each other: what is new, gone, open, closed, fixed, and what one of them did not test. */
export function ComparePage() {
  const params = useParams({ strict: false });
  const [filters, setFilters] = useFilters();
  const kind = compareKind.catch('host').parse(filters.kind);
  const path = `/scans/${Number(params.id)}/compare/${Number(params.other)}`;
  const query = useItem(comparePage, `${path}?kind=${kind}&limit=1`);
  return (
    <LoadedPage query={query} what="comparison" list={{ to: paths.scans, label: 'All scans' }}>
      {(compared) => (
        <Page
          title="Compare scans"
          about={<Sides compared={compared} />}
          actions={
            <Button component="a" variant="default" href={`${apiBase}${path}/export`} download>
              All as CSV
            </Button>
          }
        >
          {compared.samePlan ? null : (
            <Alert variant="default" p="xs">
              The two scans had other addresses or ports. What only one of them looked at is not tested in the other:
              neither new nor gone, neither open nor closed.
            </Alert>
          )}
          <Tabs
            value={kind}
            onChange={(next) => setFilters({ kind: next ?? undefined, change: undefined })}
            keepMounted={false}
          >
            <Tabs.List mb="sm">
              {compareKind.options.map((one) => (
                <Tabs.Tab key={one} value={one}>
                  {kindWords[one]}
                </Tabs.Tab>
              ))}
            </Tabs.List>
            <Tabs.Panel value={kind}>
              <Differences kind={kind} path={path} counts={compared.counts} />
            </Tabs.Panel>
          </Tabs>
        </Page>
      )}
    </LoadedPage>
  );
}

function Sides({ compared: { before, after } }: { compared: ComparePage }) {
  return (
    <>
      <AppLink to={paths.scan(before.id)}>Before: {before.title || `scan ${before.id}`}</AppLink>
      <Time at={before.endedAt} />
      <AppLink to={paths.scan(after.id)}>After: {after.title || `scan ${after.id}`}</AppLink>
      <Time at={after.endedAt} />
      <AppLink to={paths.compare(before.id, after.id)}>Other way round</AppLink>
    </>
  );
}

function Differences({ kind, path, counts }: { kind: CompareKind; path: string; counts: ComparePage['counts'] }) {
  const [filters, setFilters] = useFilters();
  const list = useList(compareItem, path, { kind, change: filters.change });
  return (
    <Stack gap="sm">
      <FilterBar>
        <FilterChips
          label="Kind of change"
          single
          options={changesOfKind[kind].map((value) => ({
            value,
            label: `${changeWords[value]} ${formatCount(counts[value] ?? 0)}`,
          }))}
          value={filters.change ?? ''}
          onChange={(change) => setFilters({ change })}
        />
        <ListCount list={list} noun="difference" />
      </FilterBar>
      <DataTable
        label={`Differences of ${kindWords[kind].toLowerCase()}`}
        columns={columnsOf[kind]}
        list={list}
        rowKey={(item) =>
          `${item.change}${item.address}${item.protocol}${item.port}${item.check}${item.before}${item.after}`
        }
        maxHeight={560}
        empty={
          filters.change ? (
            <EmptyState
              title="No difference of this kind"
              sentence="Take the filter away to see all."
              action={
                <Button variant="default" onClick={() => setFilters({ change: undefined })}>
                  Show all
                </Button>
              }
            />
          ) : (
            <EmptyState
              title="No difference"
              sentence="Both scans say the same here. What neither of them tested is not compared."
            />
          )
        }
      />
    </Stack>
  );
}
