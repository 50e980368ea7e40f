import { businessUnit } from '@picket/contracts/api/people';
import { NativeSelect } from '@mantine/core';
import { useList } from '../api/use-list.ts';

/** One business unit or none. Nothing to choose from: nothing is shown. */
export function UnitChoice(props: {
  description?: string;
  value: number | null;
  onChange: (value: number | null) => void;
  error?: string | null;
}) {
  const units = useList(businessUnit, '/business-units', {}, { limit: 500 });
  if (units.items.length === 0) return null;
  return (
    <NativeSelect
      label="Business unit"
      description={props.description}
      error={props.error}
      value={props.value === null ? '' : String(props.value)}
      onChange={(event) => {
        const next = event.currentTarget.value;
        props.onChange(next === '' ? null : Number(next));
      }}
      data={[{ value: '', label: 'None' }, ...units.items.map((one) => ({ value: String(one.id), label: one.name }))]}
    />
  );
}
