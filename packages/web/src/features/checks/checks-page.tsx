import { checkInfo, type CheckInfo } from '@picket/contracts/api/inventory';
import { Stack, Title } from '@mantine/core';
import { useCallback } from 'react';
import { useItem } from '../../shared/api/use-item.ts';
import { useList } from '../../shared/api/use-list.ts';
import { Address } from '../../shared/components/address.tsx';
import { AppLink } from '../../shared/components/app-link.tsx';
import { type Column, DataTable, ListCount } from '../../shared/components/data-table.tsx';
import { EmptyState } from '../../shared/components/empty-state.tsx';
import { Fact, Facts } from '../../shared/components/facts.tsx';
import { Loaded, Page, Split } from '../../shared/components/page.tsx';
import { FilterBar, FilterChips, QueryLine } from '../../shared/components/query-line.tsx';
import { Severity, worstFirst } from '../../shared/components/severity.tsx';
import { SidePanel } from '../../shared/components/side-panel.tsx';
import { useFilters } from '../../shared/components/use-filters.ts';
import { plural } from '../../shared/format/number.ts';
import { paths } from '../../shared/paths.ts';

const columns: readonly Column<CheckInfo>[] = [
  { key: 'severity', title: 'Severity', width: '92px', cell: (one) => <Severity severity={one.severity} /> },
  {
    key: 'name',
    title: 'Check',
    width: 'minmax(150px, 3fr)',
    cell: (one) => (
      <span className="pk-truncate" title={one.name}>
        {one.name}
      </span>
    ),
  },
  {
    key: 'id',
    title: 'Id',
    width: 'minmax(120px, 2fr)',
    wide: true,
    cell: (one) => <Address title={one.id}>{one.id}</Address>,
  },
  { key: 'cve', title: 'CVE', width: 'minmax(110px, 1fr)', wide: true, cell: (one) => <Address>{one.cve[0]}</Address> },
  {
    key: 'tags',
    title: 'Tags',
    width: 'minmax(100px, 1fr)',
    wide: true,
    cell: (one) => <span className="pk-truncate">{one.tags.join(', ')}</span>,
  },
  { key: 'intrusive', title: 'Kind', width: '84px', wide: true, cell: (one) => (one.intrusive ? 'Intrusive' : 'Safe') },
  {
    key: 'origin',
    title: 'Origin',
    width: 'minmax(90px, 1fr)',
    wide: true,
    cell: (one) => <span className="pk-truncate">{originOf(one)}</span>,
  },
  { key: 'open', title: 'Open', width: '56px', right: true, cell: (one) => one.openDetections },
];

function originOf({ origin, signature }: CheckInfo): string {
  const name = origin === 'picket' ? 'Picket' : origin === '' ? 'findings alone' : origin;
  return signature === 'unverified' ? `${name}, unverified` : name;
}

function reasonsOf({ intrusiveReasons }: CheckInfo): string {
  return intrusiveReasons.length === 0 ? '' : ` (${intrusiveReasons.join(', ')})`;
}

/** Knowledge: what we check for. */
export function ChecksPage() {
  const [filters, setFilters] = useFilters();
  const { q, severity } = filters;
  const list = useList(checkInfo, '/checks', { q, severity });
  const search = useCallback((next: string) => setFilters({ q: next }, { replace: true }), [setFilters]);
  return (
    <Page title="Knowledge" fill about={<ListCount list={list} noun="check" />}>
      <FilterBar>
        <QueryLine label="Search checks" placeholder="Name, id, CVE or tag" value={q ?? ''} onChange={search} />
        <FilterChips
          label="Severity"
          single
          options={worstFirst.map((value) => ({ value, label: <Severity severity={value} /> }))}
          value={severity ?? ''}
          onChange={(next) => setFilters({ severity: next })}
        />
      </FilterBar>
      <Split>
        <DataTable
          label="Checks"
          columns={columns}
          list={list}
          rowKey={(one) => one.id}
          openKey={filters.open ?? null}
          onOpen={(one) => setFilters({ open: one.id })}
          empty={
            <EmptyState
              title="No check matches"
              sentence="Search by name, id, CVE or tag."
              example="CVE-2023, ssh, tls"
            />
          }
        />
        {filters.open ? (
          <CheckPanel key={filters.open} id={filters.open} onClose={() => setFilters({ open: '' })} />
        ) : null}
      </Split>
    </Page>
  );
}

function CheckPanel({ id, onClose }: { id: string; onClose: () => void }) {
  const query = useItem(checkInfo, `/checks/${encodeURIComponent(id)}`);
  return (
    <SidePanel title={query.data?.name ?? id} label="Check" onClose={onClose}>
      <Loaded query={query}>{(info) => <CheckBody info={info} />}</Loaded>
    </SidePanel>
  );
}

function CheckBody({ info }: { info: CheckInfo }) {
  return (
    <Stack gap="md">
      <Facts>
        <Fact name="Severity">
          <Severity severity={info.severity} />
          {info.cvssScore === null ? null : ` CVSS ${info.cvssScore.toFixed(1)}`}
        </Fact>
        <Fact name="Id">
          <Address>{info.id}</Address> (number {info.number})
        </Fact>
        <Fact name="Kind">
          {info.intrusive ? `Intrusive${reasonsOf(info)}: runs only when a Manager allows it` : 'Safe'}
        </Fact>
        <Fact name="Origin">
          {originOf(info)}
          {info.signature === 'unverified' ? ': it carries a signature of its publisher, which was not checked' : ''}
        </Fact>
        <Fact name="Open">
          <AppLink to={paths.detections} filters={{ check: info.id }}>
            {plural(info.openDetections, 'detection')}
          </AppLink>
        </Fact>
        {info.cve.length > 0 ? (
          <Fact name="CVE">
            <span className="pk-mono">{info.cve.join(', ')}</span>
          </Fact>
        ) : null}
        {info.cwe.length > 0 ? (
          <Fact name="CWE">
            <span className="pk-mono">{info.cwe.join(', ')}</span>
          </Fact>
        ) : null}
        {info.cvssVector ? (
          <Fact name="CVSS vector">
            <span className="pk-mono">{info.cvssVector}</span>
          </Fact>
        ) : null}
        <Fact name="Tags">{info.tags.join(', ') || '–'}</Fact>
      </Facts>
      <div>{info.description}</div>
      {info.impact ? <div>{info.impact}</div> : null}
      <Title order={2}>What to do</Title>
      <div>{info.remediation ?? 'The check names no remedy; see its references.'}</div>
      {info.references.map((reference) => (
        <a
          key={reference}
          className="pk-link"
          href={/^https?:/.test(reference) ? reference : undefined}
          target="_blank"
          rel="noreferrer"
          style={{ overflowWrap: 'anywhere' }}
        >
          {reference}
        </a>
      ))}
    </Stack>
  );
}
