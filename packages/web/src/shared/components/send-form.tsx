import { Button, Group, Stack } from '@mantine/core';
import { ErrorState } from './error-state.tsx';

interface Props {
  /** The change that the form sends, as `useSend` knows it. */
  readonly send: { readonly isPending: boolean; readonly error: unknown };
  /** What the button says. */
  readonly verb: string;
  /** False while a field is missing or wrong. */
  readonly ready?: boolean;
  readonly onSubmit: () => void;
  /** The fields. */
  readonly children: React.ReactNode;
}

/** A form that sends one change: its fields one below the other, a refusal, the button. */
export function SendForm({ send, verb, ready = true, onSubmit, children }: Props) {
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) onSubmit();
      }}
    >
      <Stack gap="sm">
        {children}
        {send.error ? <ErrorState error={send.error} /> : null}
        <Group justify="flex-end">
          <Button type="submit" disabled={!ready} loading={send.isPending}>
            {verb}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
