import { fieldError } from '../api/api-error.ts';
import { useMay, useSession } from '../api/use-session.ts';
import { GroupChoice } from '../people/group-choice.tsx';

/** Asset groups of a new appliance: a Unit Manager picks at least one of the unit, a Manager may. */
export function ApplianceGroups(props: { value: number[]; onChange: (value: number[]) => void; error: unknown }) {
  const may = useMay();
  const user = useSession().data?.user;
  const needed = !may.manage && user?.sees !== 'everything';
  return (
    <GroupChoice
      label="Asset groups"
      description={
        needed ? 'At least one: whoever has it sees the appliance' : 'Whoever has one of them sees the appliance'
      }
      value={props.value}
      onChange={props.onChange}
      error={fieldError(props.error, 'assetGroupIds')}
      withoutAll
      {...(may.manage ? {} : { businessUnitId: user?.businessUnitId ?? null })}
    />
  );
}
