import { type Factors, factors, recoveryCodes } from '@picket/contracts/api/sign-in';
import { Button, Group, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { lazy, useState } from 'react';
import { RecoveryCodes } from '../../shared/account/recovery-codes.tsx';
import { fieldError } from '../../shared/api/api-error.ts';
import { useItem } from '../../shared/api/use-item.ts';
import { useSend } from '../../shared/api/use-send.ts';
import { useSession } from '../../shared/api/use-session.ts';
import { FormDialog } from '../../shared/components/form-dialog.tsx';
import { Loaded, Section } from '../../shared/components/page.tsx';
import { SendForm } from '../../shared/components/send-form.tsx';
import { Time } from '../../shared/components/time.tsx';

// With its QR code, for the day on which it is set up.
const TotpSetup = lazy(() =>
  import('../../shared/account/totp-setup.tsx').then((module) => ({ default: module.TotpSetup })),
);

type Asked = 'set-up' | 'off' | 'codes';
const titles: Readonly<Record<Asked, string>> = {
  'set-up': 'Set up an authenticator app',
  off: 'Turn the authenticator app off',
  codes: 'Make new recovery codes',
};

/** The code of an authenticator app beside the password: on, off, recovery codes. */
export function TotpSection() {
  const state = useItem(factors, '/session/factors');
  const queries = useQueryClient();
  const [asked, setAsked] = useState<Asked | null>(null);
  function close(): void {
    setAsked(null);
    void queries.invalidateQueries({ queryKey: ['/session/factors'] });
    void queries.invalidateQueries({ queryKey: ['/session'] });
  }
  return (
    <Section title="Second factor">
      <Loaded query={state} height={60}>
        {(data) => <State factors={data} onAsk={setAsked} />}
      </Loaded>
      {asked === null ? null : (
        <FormDialog title={titles[asked]} onClose={close}>
          {asked === 'set-up' ? <TotpSetup onDone={close} /> : null}
          {asked === 'off' ? <TurnOff onDone={close} /> : null}
          {asked === 'codes' ? <NewCodes onDone={close} /> : null}
        </FormDialog>
      )}
    </Section>
  );
}

function State({ factors: one, onAsk }: { factors: Factors; onAsk: (asked: Asked) => void }) {
  if (one.totpSince === null) {
    return (
      <Stack gap="xs" align="flex-start">
        <Text size="sm">
          Your password alone signs you in. With an authenticator app on your phone, whoever learns it still cannot.
        </Text>
        <Button onClick={() => onAsk('set-up')}>Set up an authenticator app</Button>
      </Stack>
    );
  }
  return (
    <Stack gap="xs">
      <Text size="sm">
        An authenticator app is in use since <Time at={one.totpSince} />. {one.recoveryCodesLeft} of 10 recovery codes
        are left.
      </Text>
      <Group gap="xs">
        <Button variant="default" onClick={() => onAsk('codes')}>
          New recovery codes
        </Button>
        <Button variant="default" onClick={() => onAsk('off')}>
          Turn off
        </Button>
      </Group>
    </Stack>
  );
}

interface Proof {
  readonly password: string;
  readonly code: string;
}

function ProofForm(props: {
  about: string;
  verb: string;
  error: unknown;
  busy: boolean;
  onProof: (proof: Proof) => void;
}) {
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const hasPassword = useSession().data?.user?.hasPassword ?? true;
  return (
    <SendForm
      send={{ isPending: props.busy, error: props.error }}
      verb={props.verb}
      ready={(!hasPassword || password !== '') && code.trim().length >= 6}
      onSubmit={() => props.onProof({ password, code })}
    >
      <div>{props.about}</div>
      {hasPassword ? (
        <PasswordInput
          label="Your password"
          autoComplete="current-password"
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          error={fieldError(props.error, 'password')}
          data-autofocus
        />
      ) : null}
      <TextInput
        label="Code"
        description="Of the app, or a recovery code"
        autoComplete="one-time-code"
        value={code}
        onChange={(event) => setCode(event.currentTarget.value)}
        error={fieldError(props.error, 'code')}
      />
    </SendForm>
  );
}

function TurnOff({ onDone }: { onDone: () => void }) {
  const off = useSend({
    schema: factors,
    method: 'POST',
    path: '/session/totp/off',
    body: (proof: Proof) => proof,
    stale: [],
  });
  return (
    <ProofForm
      about="Afterwards your password alone signs you in, and the recovery codes work no longer."
      verb="Turn off"
      error={off.error}
      busy={off.isPending}
      onProof={(proof) => off.mutate(proof, { onSuccess: onDone })}
    />
  );
}

function NewCodes({ onDone }: { onDone: () => void }) {
  const renew = useSend({
    schema: recoveryCodes,
    method: 'POST',
    path: '/session/totp/recovery-codes',
    body: (proof: Proof) => proof,
    stale: [],
  });
  if (renew.data) return <RecoveryCodes codes={renew.data.codes} onDone={onDone} />;
  return (
    <ProofForm
      about="The old recovery codes stop working at once."
      verb="Make new codes"
      error={renew.error}
      busy={renew.isPending}
      onProof={renew.mutate}
    />
  );
}
