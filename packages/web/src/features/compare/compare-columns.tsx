import type { CompareItem, CompareKind } from '@picket/contracts/api/compare';
import { Address } from '../../shared/components/address.tsx';
import { AppLink } from '../../shared/components/app-link.tsx';
import type { Column } from '../../shared/components/data-table.tsx';
import { Hint } from '../../shared/components/hint.tsx';
import { Severity } from '../../shared/components/severity.tsx';
import { paths } from '../../shared/paths.ts';
import { changeWords, explainUntested } from './compare-words.ts';

const change: Column<CompareItem> = {
  key: 'change',
  title: 'Change',
  width: 'minmax(96px, 160px)',
  cell: (item) => <Change item={item} />,
};

const address: Column<CompareItem> = {
  key: 'address',
  title: 'Address',
  width: 'minmax(110px, 1fr)',
  cell: (item) =>
    item.assetId === null ? (
      <Address>{item.address}</Address>
    ) : (
      <AppLink to={paths.asset(item.assetId)}>
        <Address>{item.address}</Address>
      </AppLink>
    ),
};

const port: Column<CompareItem> = {
  key: 'port',
  title: 'Port',
  width: '80px',
  cell: (item) => (item.port === null ? '–' : <Address>{`${item.port}/${item.protocol ?? ''}`}</Address>),
};

const name: Column<CompareItem> = {
  key: 'name',
  title: 'Finding',
  width: 'minmax(120px, 2fr)',
  cell: (item) => <span className="pk-truncate">{item.name}</span>,
};

const severity: Column<CompareItem> = {
  key: 'severity',
  title: 'Severity',
  width: '96px',
  wide: true,
  cell: (item) => (item.severity === null ? null : <Severity severity={item.severity} />),
};

const told = (key: 'before' | 'after', title: string): Column<CompareItem> => ({
  key,
  title,
  width: 'minmax(90px, 1.5fr)',
  wide: true,
  cell: (item) => <span className="pk-truncate pk-mono">{item[key] ?? '–'}</span>,
});

const sides = [told('before', 'Before'), told('after', 'After')];

/** Columns of each kind of difference. */
export const columnsOf: Readonly<Record<CompareKind, readonly Column<CompareItem>[]>> = {
  host: [change, address, ...sides],
  port: [change, address, port],
  service: [change, address, port, ...sides],
  finding: [change, severity, name, address, port, ...sides],
};

/** What was not tested is hatched and says why. */
function Change({ item }: { item: CompareItem }) {
  const words = changeWords[item.change];
  if (item.reason === null) return words;
  const { label, meaning, remedy } = explainUntested(item.reason);
  return (
    <Hint label={`${label}. ${meaning} ${remedy}`}>
      <span className="pk-hatch pk-truncate">{words}</span>
    </Hint>
  );
}
