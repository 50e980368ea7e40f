import { TextInput } from '@mantine/core';
import { fieldError } from '../../shared/api/api-error.ts';

interface Naming {
  readonly name: string;
  readonly email: string;
}

interface Props<T> {
  readonly values: T;
  readonly set: (change: Partial<Naming & { readonly login: string }>) => void;
  /** What the platform refused. */
  readonly error: unknown;
  /** What the mail address is for. */
  readonly mailNote?: string;
}

/** Login, name and mail of somebody new. */
export function PersonFields(props: Props<Naming & { readonly login: string }>) {
  return (
    <>
      <TextInput
        label="Login"
        description="For signing in; a mail address is fine"
        value={props.values.login}
        onChange={(event) => props.set({ login: event.currentTarget.value })}
        error={fieldError(props.error, 'login')}
        autoComplete="off"
        data-autofocus
      />
      <NameFields {...props} />
    </>
  );
}

/** Name and mail. */
export function NameFields({ values, set, error, mailNote = 'Optional' }: Props<Naming>) {
  return (
    <>
      <TextInput
        label="Name"
        value={values.name}
        onChange={(event) => set({ name: event.currentTarget.value })}
        error={fieldError(error, 'name')}
        autoComplete="off"
      />
      <TextInput
        label="Mail"
        description={mailNote}
        type="email"
        value={values.email}
        onChange={(event) => set({ email: event.currentTarget.value })}
        error={fieldError(error, 'email')}
        autoComplete="off"
      />
    </>
  );
}
