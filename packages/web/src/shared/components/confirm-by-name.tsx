import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { ErrorState } from './error-state.tsx';
import { Dialog } from './dialog.tsx';

interface Props {
  readonly title: string;
  /** What will be gone, in one sentence. */
  readonly consequence: string;
  /** What has to be typed. */
  readonly name: string;
  readonly verb: string;
  /** What the button says that changes nothing. */
  readonly keep?: string;
  readonly busy?: boolean;
  readonly error?: unknown;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
  /** Asked for before the name, e.g. a reason. */
  readonly children?: React.ReactNode;
  /** False while what is asked for is missing. */
  readonly ready?: boolean;
}

/** Asks before something is destroyed, by naming the thing. */
export function ConfirmByName(props: Props) {
  const [typed, setTyped] = useState('');
  const matches = typed.trim() === props.name && (props.ready ?? true);
  return (
    <Dialog onClose={props.onClose} title={props.title}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (matches) props.onConfirm();
        }}
      >
        <Stack gap="sm">
          <Text size="sm">{props.consequence}</Text>
          {props.children}
          <TextInput
            label={`Type ${props.name} to confirm`}
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
            autoComplete="off"
            data-autofocus={props.children === undefined ? true : undefined}
          />
          {props.error ? <ErrorState error={props.error} /> : null}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={props.onClose}>
              {props.keep ?? 'Keep it'}
            </Button>
            <Button type="submit" color="red.9" disabled={!matches} loading={props.busy ?? false}>
              {props.verb}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
