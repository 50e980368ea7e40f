import type { NotificationData } from '@mantine/notifications';

type Toast = Pick<NotificationData, 'message' | 'autoClose'>;
type Show = (make: (hide: () => void) => Toast) => void;

const waiting: Parameters<Show>[0][] = [];
let show: Show | null = null;
let onFirst: () => void = () => {};

/** Shows a message in the corner. What shows it is loaded with the first one. */
export function showToast(make: (hide: () => void) => Toast): void {
  if (show) return show(make);
  waiting.push(make);
  onFirst();
}

/** Calls back at the first message, until it is told to leave it. */
export function watchFirstToast(then: () => void): () => void {
  onFirst = then;
  if (waiting.length > 0) then();
  return () => {
    onFirst = () => {};
  };
}

/** From here on messages are shown by `next`, those that wait at once. */
export function showToastsBy(next: Show): void {
  show = next;
  for (const make of waiting.splice(0)) next(make);
}
