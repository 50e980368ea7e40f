import { createdAccount } from '@picket/contracts/api/session';
import { useState } from 'react';
import { useSend } from '../../shared/api/use-send.ts';
import { useSession } from '../../shared/api/use-session.ts';
import { SendForm } from '../../shared/components/send-form.tsx';
import { AccessFields, type AccessValues, accessBody } from './access-fields.tsx';
import { OneTimePassword } from './account-dialogs.tsx';
import { PersonFields } from './person-fields.tsx';

/** Makes an account; its one-time password is shown once. */
export function NewAccountForm({ onDone }: { onDone: () => void }) {
  const own = useSession().data?.user?.businessUnitId ?? null;
  const [values, setValues] = useState<AccessValues & { login: string; name: string; email: string }>({
    login: '',
    name: '',
    email: '',
    role: 'reader',
    businessUnitId: own,
    assetGroupIds: [],
  });
  const set = (change: Partial<typeof values>) => setValues((old) => ({ ...old, ...change }));
  const send = useSend({
    schema: createdAccount,
    method: 'POST',
    path: '/accounts',
    body: () => ({
      ...values,
      ...accessBody(values),
      email: values.email.trim() === '' ? undefined : values.email.trim(),
    }),
    stale: ['/accounts', '/asset-groups', '/business-units'],
  });
  if (send.data) {
    return (
      <OneTimePassword
        name={send.data.name}
        login={send.data.login}
        password={send.data.oneTimePassword}
        onDone={onDone}
      />
    );
  }
  return (
    <SendForm
      send={send}
      verb="Create account"
      ready={values.login.trim() !== '' && values.name.trim() !== ''}
      onSubmit={() => send.mutate()}
    >
      <PersonFields values={values} set={set} error={send.error} />
      <AccessFields values={values} onChange={set} error={send.error} />
    </SendForm>
  );
}
