import { Select } from '@mantine/core';
import { useMemo } from 'react';
import { viewerZone } from './zones.ts';

/** An IANA zone by typing a part of its name; the viewer's own comes first. */
export function ZonePicker(props: { value: string; onChange: (zone: string) => void; error?: string | null }) {
  const zones = useMemo(
    () => [...new Set([viewerZone(), 'UTC', ...Intl.supportedValuesOf('timeZone'), props.value])],
    [props.value],
  );
  return (
    <Select
      label="Time zone"
      description="Its clocks decide, in summer and winter"
      searchable
      limit={60}
      allowDeselect={false}
      nothingFoundMessage="No such zone. Type a city, e.g. Berlin."
      data={zones}
      value={props.value}
      onChange={(zone) => {
        if (zone !== null) props.onChange(zone);
      }}
      error={props.error}
    />
  );
}
