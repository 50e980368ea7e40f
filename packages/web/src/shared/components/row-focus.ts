/** What a key press means for the list. */
export type RowAction =
  | { readonly kind: 'move'; readonly to: number }
  | { readonly kind: 'open' }
  | { readonly kind: 'pick' }
  | null;

/** What a key means in a list of `count` rows, `page` of them in view: j/k, arrows, Home/End, PageUp/Down, Enter, x (with Shift: X). */
export function rowAction(key: string, active: number, count: number, page: number): RowAction {
  if (count === 0) return null;
  const to = (index: number): RowAction => ({ kind: 'move', to: Math.max(0, Math.min(count - 1, index)) });
  switch (key) {
    case 'j':
    case 'ArrowDown':
      return to(active + 1);
    case 'k':
    case 'ArrowUp':
      return to(active - 1);
    case 'PageDown':
      return to(active + page);
    case 'PageUp':
      return to(active - page);
    case 'Home':
      return to(0);
    case 'End':
      return to(count - 1);
    case 'Enter':
      return { kind: 'open' };
    case 'x':
    case 'X':
      return { kind: 'pick' };
    default:
      return null;
  }
}
