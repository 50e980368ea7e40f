import { apiBase, queryString } from '../../shared/api/client.ts';
import { Button, Group, TextInput } from '@mantine/core';
import { viewerZone } from '../../shared/schedule/zones.ts';
import type { Filters } from '../../shared/components/use-filters.ts';

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
      <TextInput
        label="Who"
        placeholder="login"
        w={140}
        value={filters.actor ?? ''}
        onChange={(event) => onChange({ actor: event.currentTarget.value })}
      />
      <TextInput
        label="Did what"
        placeholder="account. or scan.launch"
        w={190}
        value={filters.action ?? ''}
        onChange={(event) => onChange({ action: event.currentTarget.value })}
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
