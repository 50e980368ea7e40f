import { account } from '@picket/contracts/api/session';
import { useState } from 'react';
import type { z } from 'zod';
import { useSend } from '../../shared/api/use-send.ts';
import { FormDialog } from '../../shared/components/form-dialog.tsx';
import { SendForm } from '../../shared/components/send-form.tsx';
import { AccessFields, type AccessValues, accessBody } from './access-fields.tsx';
import { NameFields } from './person-fields.tsx';

/** Name, mail, role, business unit and asset groups of an account. */
export function EditAccountDialog({
  account: one,
  onClose,
}: {
  account: z.infer<typeof account>;
  onClose: () => void;
}) {
  const [values, setValues] = useState<AccessValues & { name: string; email: string }>({
    name: one.name,
    email: one.email ?? '',
    role: one.role,
    businessUnitId: one.businessUnitId,
    assetGroupIds: one.assetGroupIds,
  });
  const set = (change: Partial<typeof values>) => setValues((old) => ({ ...old, ...change }));
  const send = useSend({
    schema: account,
    method: 'PATCH',
    path: `/accounts/${one.id}`,
    body: () => {
      const { role, ...rest } = accessBody(values);
      const email = values.email.trim() === '' ? null : values.email.trim();
      // A role that stays is left out: the person need not sign in again.
      return { name: values.name, email, ...rest, ...(role === one.role ? {} : { role }) };
    },
    stale: ['/accounts', '/asset-groups', '/business-units'],
  });
  return (
    <FormDialog title={`Edit ${one.login}`} onClose={onClose}>
      <SendForm
        send={send}
        verb="Save account"
        ready={values.name.trim() !== ''}
        onSubmit={() => send.mutate(undefined, { onSuccess: onClose })}
      >
        <NameFields values={values} set={set} error={send.error} />
        <AccessFields values={values} onChange={set} error={send.error} />
      </SendForm>
    </FormDialog>
  );
}
