import { apiBase, queryString } from '../../shared/api/client.ts';
import { Button, Group, TextInput } from '@mantine/core';
import { viewerZone } from '../../shared/schedule/zones.ts';
import type { Filters } from '../../shared/components/use-filters.ts';
import { useRested } from '../../shared/components/use-rested.ts';

/** The filter of the URL as the API takes it: whole days in the viewer's zone. */
export function auditFilterOf(filters: Filters) {
  return {
    actor: filters.actor,
    action: filters.action,
    from: startOfDay(filters.from, 0),
    to: startOfDay(filters.to, 1),
  };
}

function startOfDay(day: string | undefined, add: number): string | undefined {
  const [year, month, date] = (day ?? '').split('-').map(Number);
  if (!year || !month || !date) return undefined;
  return new Date(year, month - 1, date + add).toISOString();
}

/** Who, what, when; and the files of exactly what is shown. */
export function AuditFilters({ filters, onChange }: { filters: Filters; onChange: (change: Filters) => void }) {
  const href = (format: string) => `${apiBase}/audit/export${queryString({ format, ...auditFilterOf(filters) })}`;
  return (
    <Group gap="xs" align="flex-end">
      <RestedInput
        label="Who"
        placeholder="login"
        w={140}
        value={filters.actor ?? ''}
        onRest={(actor) => onChange({ actor })}
      />
      <RestedInput
        label="Did what"
        placeholder="account. or scan.launch"
        w={190}
        value={filters.action ?? ''}
        onRest={(action) => onChange({ action })}
      />
      <TextInput
        type="date"
        label="From"
        description={viewerZone()}
        value={filters.from ?? ''}
        onChange={(event) => onChange({ from: event.currentTarget.value })}
      />
      <TextInput
        type="date"
        label="To"
        description={viewerZone()}
        value={filters.to ?? ''}
        onChange={(event) => onChange({ to: event.currentTarget.value })}
      />
      <Button component="a" variant="default" href={href('csv')} download>
        Export CSV
      </Button>
      <Button component="a" variant="default" href={href('ndjson')} download>
        Export NDJSON
      </Button>
    </Group>
  );
}

function RestedInput(props: {
  label: string;
  placeholder: string;
  w: number;
  value: string;
  onRest: (value: string) => void;
}) {
  const { value, onRest, ...look } = props;
  const [typed, setTyped] = useRested(value, onRest);
  return <TextInput {...look} value={typed} onChange={(event) => setTyped(event.currentTarget.value)} />;
}
