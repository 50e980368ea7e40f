import { Button, Group, Text } from '@mantine/core';
import { showToast } from './toasts.ts';

/** How long an action can be undone, milliseconds. */
export const undoMs = 10_000;

/** Body of the toast: what was done, and the way back. */
export function UndoToast({ message, onUndo }: { message: string; onUndo: () => void }) {
  return (
    <Group justify="space-between" wrap="nowrap">
      <Text size="sm">{message}</Text>
      <Button variant="default" onClick={onUndo}>
        Undo
      </Button>
    </Group>
  );
}

/** Says what was done and offers to undo it for ten seconds instead of asking before. */
export function offerUndo(message: string, onUndo: () => void): void {
  showToast((hide) => ({
    message: (
      <UndoToast
        message={message}
        onUndo={() => {
          hide();
          onUndo();
        }}
      />
    ),
    autoClose: undoMs,
  }));
}

/** Says what was done, quietly. */
export function say(message: string): void {
  showToast(() => ({ message, autoClose: 4000 }));
}
