import { type Role, role } from '@picket/contracts/api/session';
import { Alert, NativeSelect } from '@mantine/core';
import { fieldError } from '../../shared/api/api-error.ts';
import { useMay, useSession } from '../../shared/api/use-session.ts';
import { roleWords } from '../../shared/format/words.ts';
import { GroupChoice } from '../../shared/people/group-choice.tsx';
import { UnitChoice } from '../../shared/people/unit-choice.tsx';

/** What somebody may do and see. */
export interface AccessValues {
  readonly role: Role;
  readonly businessUnitId: number | null;
  readonly assetGroupIds: readonly number[];
}

const unitRoles: readonly Role[] = ['scanner', 'reader'];
const wholeRoles: readonly Role[] = ['manager', 'auditor'];

/** The values as a request takes them: who sees everything has neither unit nor groups. */
export function accessBody({ role: wanted, businessUnitId, assetGroupIds }: AccessValues): AccessValues {
  if (wholeRoles.includes(wanted)) return { role: wanted, businessUnitId: null, assetGroupIds: [] };
  return { role: wanted, businessUnitId, assetGroupIds };
}

/** Role, business unit and asset groups of an account, as far as the person may give them. */
export function AccessFields(props: {
  values: AccessValues;
  onChange: (change: Partial<AccessValues>) => void;
  error: unknown;
}) {
  const { values, onChange, error } = props;
  const may = useMay();
  const own = useSession().data?.user?.businessUnitId ?? null;
  const whole = wholeRoles.includes(values.role);
  const head = values.role === 'unit-manager' && values.businessUnitId !== null;
  return (
    <>
      <NativeSelect
        label="Role"
        value={values.role}
        onChange={(event) => {
          const next = role.safeParse(event.currentTarget.value);
          if (next.success) onChange({ role: next.data });
        }}
        error={fieldError(error, 'role')}
        data={(may.manage ? role.options : unitRoles).map((value) => ({
          value,
          label: `${roleWords[value].label}: ${roleWords[value].may.toLowerCase()}`,
        }))}
      />
      {may.manage && !whole ? (
        <UnitChoice
          value={values.businessUnitId}
          onChange={(businessUnitId) => onChange({ businessUnitId })}
          error={fieldError(error, 'businessUnitId')}
        />
      ) : null}
      {whole ? null : (
        <GroupChoice
          label="Asset groups"
          description={head ? 'Beside those of the business unit' : 'What the account sees and scans'}
          value={values.assetGroupIds}
          onChange={(assetGroupIds) => onChange({ assetGroupIds })}
          error={fieldError(error, 'assetGroupIds')}
          {...(may.manage ? {} : { businessUnitId: own })}
        />
      )}
      {!whole && !head && values.assetGroupIds.length === 0 ? (
        <Alert variant="default" role="status" title="Sees nothing yet">
          Without an asset group the account can sign in, and finds every list empty. The group All shows everything.
        </Alert>
      ) : null}
    </>
  );
}
