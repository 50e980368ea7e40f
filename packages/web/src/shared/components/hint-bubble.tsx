import { Tooltip } from '@mantine/core';

/** What a `Hint` shows beside its element. A module of its own, so that it is loaded alone. */
export function HintBubble({ label, target }: { label: string; target: HTMLElement }) {
  return <Tooltip label={label} target={target} opened />;
}
