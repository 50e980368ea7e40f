import { trialResult } from '@picket/contracts/api/notification';
import { type OidcProviderState, oidcProviderState, unknownPeople } from '@picket/contracts/api/oidc';
import { Button, Group, NativeSelect, PasswordInput, Stack, Switch, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { fieldError } from '../../shared/api/api-error.ts';
import { useSend } from '../../shared/api/use-send.ts';
import { CodeBox } from '../../shared/appliances/code-box.tsx';
import { ErrorState } from '../../shared/components/error-state.tsx';
import { Trial } from '../../shared/components/trial.tsx';
import { say } from '../../shared/components/undo-toast.tsx';

interface Props {
  readonly state: OidcProviderState;
  readonly stale: readonly string[];
  /** Null: there is nothing to remove. */
  readonly onRemove: (() => void) | null;
}

function valuesOf({ provider }: OidcProviderState) {
  return {
    name: provider?.name ?? '',
    issuer: provider?.issuer ?? '',
    clientId: provider?.clientId ?? '',
    clientSecret: '',
    loginClaim: provider?.loginClaim ?? 'email',
    mailDomains: provider?.mailDomains.join(', ') ?? '',
    unknownPeople: provider?.unknownPeople ?? ('refuse' as const),
    linkByLogin: provider?.linkByLogin ?? false,
    passwordSignIn: provider?.passwordSignIn ?? true,
    logoutAtProvider: provider?.logoutAtProvider ?? false,
    secondFactorByAmr: provider?.secondFactorByAmr ?? false,
    caPem: provider?.caPem ?? '',
  };
}
type Values = ReturnType<typeof valuesOf>;

function bodyOf(values: Values) {
  return {
    ...values,
    issuer: values.issuer.trim(),
    clientSecret: values.clientSecret || undefined,
    mailDomains: values.mailDomains.split(/[\s,;]+/).filter((one) => one !== ''),
    caPem: values.caPem.trim() || null,
  };
}

/** Settings of the identity provider, and a test of what is in the form. */
export function ProviderForm({ state, stale, onRemove }: Props) {
  const [values, setValues] = useState(() => valuesOf(state));
  const set = (change: Partial<Values>) => setValues((old) => ({ ...old, ...change }));
  const save = useSend({
    schema: oidcProviderState,
    method: 'PUT',
    path: '/oidc-provider',
    body: () => bodyOf(values),
    stale,
  });
  return (
    <form
      style={{ maxWidth: 560 }}
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate(undefined, { onSuccess: () => say('Identity provider saved') });
      }}
    >
      <Stack gap="sm">
        <CodeBox label="Redirect URI to register at the provider" code={state.redirectUri} />
        <ClientFields values={values} set={set} error={save.error} stored={state.provider !== null} />
        <PeopleFields values={values} set={set} error={save.error} />
        <FactorsField values={values} set={set} />
        <SignOutFields values={values} set={set} uri={state.signedOutUri} />
        {save.error ? <ErrorState error={save.error} /> : null}
        <TestButton values={values} />
        <Group gap="xs">
          <Button type="submit" loading={save.isPending}>
            Save provider
          </Button>
          {onRemove ? (
            <Button variant="default" onClick={onRemove}>
              Remove
            </Button>
          ) : null}
        </Group>
      </Stack>
    </form>
  );
}

interface FieldsProps {
  readonly values: Values;
  readonly set: (change: Partial<Values>) => void;
  readonly error: unknown;
}

function ClientFields({ values, set, error, stored }: FieldsProps & { readonly stored: boolean }) {
  const text = (field: 'name' | 'issuer' | 'clientId', label: string, description: string) => (
    <TextInput
      label={label}
      description={description}
      value={values[field]}
      onChange={(event) => set({ [field]: event.currentTarget.value })}
      error={fieldError(error, field)}
      autoComplete="off"
    />
  );
  return (
    <>
      {text('name', 'Name', 'The sign-in page says "Continue with …"')}
      {text('issuer', 'Issuer', 'Exactly as the provider writes it, https://…')}
      {text('clientId', 'Client id', 'Of a confidential web application with the authorization code flow')}
      <PasswordInput
        label="Client secret"
        description={stored ? 'Stored; leave it empty to keep it' : undefined}
        value={values.clientSecret}
        onChange={(event) => set({ clientSecret: event.currentTarget.value })}
        error={fieldError(error, 'clientSecret')}
        autoComplete="new-password"
      />
      <Textarea
        label="Certificate of an own authority (PEM)"
        description="Leave it empty for a provider with a public certificate"
        autosize
        maxRows={6}
        value={values.caPem}
        onChange={(event) => set({ caPem: event.currentTarget.value })}
        error={fieldError(error, 'caPem')}
      />
    </>
  );
}

function PeopleFields({ values, set, error }: FieldsProps) {
  return (
    <>
      <TextInput
        label="Claim that holds the login"
        description="email needs a verified address. Choose only what people cannot change themselves."
        value={values.loginClaim}
        onChange={(event) => set({ loginClaim: event.currentTarget.value })}
        error={fieldError(error, 'loginClaim')}
        autoComplete="off"
      />
      <TextInput
        label="Mail domains that may sign in"
        description="With commas; empty: any"
        value={values.mailDomains}
        onChange={(event) => set({ mailDomains: event.currentTarget.value })}
        error={fieldError(error, 'mailDomains')}
        autoComplete="off"
      />
      <NativeSelect
        label="People without an account"
        value={values.unknownPeople}
        onChange={(event) => {
          const next = unknownPeople.safeParse(event.currentTarget.value);
          if (next.success) set({ unknownPeople: next.data });
        }}
        data={[
          { value: 'refuse', label: 'Refuse' },
          { value: 'reader', label: 'Create as Reader without asset groups' },
        ]}
      />
      <Switch
        label="Bind accounts by their login"
        description="Whoever signs in first with the login of an account becomes its person. From then on the provider’s subject decides."
        checked={values.linkByLogin}
        onChange={(event) => set({ linkByLogin: event.currentTarget.checked })}
      />
      <Switch
        label="Password sign-in stays allowed"
        description="Off: Managers alone sign in with a password."
        checked={values.passwordSignIn}
        onChange={(event) => set({ passwordSignIn: event.currentTarget.checked })}
      />
    </>
  );
}

function FactorsField({ values, set }: Pick<FieldsProps, 'values' | 'set'>) {
  return (
    <Switch
      label="Take the provider’s word for a second factor"
      description="A sign-in counts as two factors when its ID token says so (amr: mfa). The others are asked for the code they have or need here."
      checked={values.secondFactorByAmr}
      onChange={(event) => set({ secondFactorByAmr: event.currentTarget.checked })}
    />
  );
}

function SignOutFields({ values, set, uri }: Pick<FieldsProps, 'values' | 'set'> & { readonly uri: string }) {
  return (
    <>
      <Switch
        label="Signing out here signs out at the provider"
        description="For sign-ins from now on. The session here ends first in any case; other applications of the same provider may end with it."
        checked={values.logoutAtProvider}
        onChange={(event) => set({ logoutAtProvider: event.currentTarget.checked })}
      />
      {values.logoutAtProvider ? (
        <CodeBox label="Post-logout redirect URI to register at the provider" code={uri} />
      ) : null}
    </>
  );
}

function TestButton({ values }: { values: Values }) {
  const test = useSend({
    schema: trialResult,
    method: 'POST',
    path: '/oidc-provider/test',
    body: () => ({ issuer: values.issuer.trim(), caPem: values.caPem.trim() || null }),
    stale: [],
  });
  return (
    <>
      <Group>
        <Button
          variant="default"
          loading={test.isPending}
          disabled={values.issuer.trim() === ''}
          onClick={() => test.mutate()}
        >
          Test
        </Button>
      </Group>
      {test.data ? <Trial result={test.data} /> : null}
      {test.error ? <ErrorState error={test.error} /> : null}
    </>
  );
}
