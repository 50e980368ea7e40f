import { invitationDays, type SentInvitation, sentInvitation } from '@picket/contracts/api/invitation';
import { Alert, Button, Group, NumberInput, Stack } from '@mantine/core';
import { useState } from 'react';
import { fieldError } from '../../shared/api/api-error.ts';
import { useSend } from '../../shared/api/use-send.ts';
import { useSession } from '../../shared/api/use-session.ts';
import { CodeBox } from '../../shared/appliances/code-box.tsx';
import { SendForm } from '../../shared/components/send-form.tsx';
import { ExactTime } from '../../shared/components/time.tsx';
import { AccessFields, type AccessValues, accessBody } from './access-fields.tsx';
import { PersonFields } from './person-fields.tsx';

interface Values extends AccessValues {
  readonly login: string;
  readonly name: string;
  readonly email: string;
  readonly days: number;
}

/** Invites somebody; the link is shown once, whether it is mailed or not. */
export function InviteForm({ onDone }: { onDone: () => void }) {
  const own = useSession().data?.user?.businessUnitId ?? null;
  const [values, setValues] = useState<Values>({
    login: '',
    name: '',
    email: '',
    days: invitationDays.usual,
    role: 'reader',
    businessUnitId: own,
    assetGroupIds: [],
  });
  const set = (change: Partial<Values>) => setValues((old) => ({ ...old, ...change }));
  const send = useSend({
    schema: sentInvitation,
    method: 'POST',
    path: '/invitations',
    body: () => ({
      ...values,
      ...accessBody(values),
      email: values.email.trim() === '' ? undefined : values.email.trim(),
    }),
    stale: ['/invitations'],
  });
  if (send.data) return <SentLink sent={send.data} onDone={onDone} />;
  return (
    <SendForm
      send={send}
      verb="Invite"
      ready={values.login.trim() !== '' && values.name.trim() !== ''}
      onSubmit={() => send.mutate()}
    >
      <PersonFields
        values={values}
        set={set}
        error={send.error}
        mailNote="Optional; the link goes there if a mail server is set up"
      />
      <AccessFields values={values} onChange={set} error={send.error} />
      <NumberInput
        label="Days until the link ends"
        description={`1 to ${invitationDays.longest}`}
        min={1}
        max={invitationDays.longest}
        allowDecimal={false}
        value={values.days}
        onChange={(value) => set({ days: Number(value) })}
        error={fieldError(send.error, 'days')}
      />
    </SendForm>
  );
}

/** The link, shown once, and what became of its mail. */
export function SentLink({ sent, onDone }: { sent: SentInvitation; onDone: () => void }) {
  return (
    <Stack gap="sm">
      <MailOutcome sent={sent} />
      <CodeBox label="Link of the invitation" code={sent.link} />
      <div>
        It works once, until <ExactTime at={sent.expiresAt} />, and is not shown again. Whoever opens it can accept in
        place of {sent.name}.
      </div>
      <Group justify="flex-end">
        <Button onClick={onDone}>Done</Button>
      </Group>
    </Stack>
  );
}

function MailOutcome({ sent: { mail, email, name } }: { sent: SentInvitation }) {
  if (mail.state === 'sent') return <div role="status">The link was mailed to {email}.</div>;
  if (mail.state === 'failed') {
    return (
      <Alert variant="default" role="status" title={`The mail to ${email} could not be sent`}>
        {mail.detail} Give the link to {name} on a safe way instead.
      </Alert>
    );
  }
  const why = mail.state === 'no-server' ? 'No mail server is set up.' : 'There is no mail address.';
  return (
    <div role="status">
      {why} Give the link to {name} on a safe way.
    </div>
  );
}
