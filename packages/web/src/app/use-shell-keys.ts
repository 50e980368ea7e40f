import { useEffect } from 'react';

/** Keys that work everywhere: Ctrl-K or ⌘K the palette, ? help, n New scan. Not while something is being typed. */
export function useShellKeys(keys: { onPalette: () => void; onHelp: () => void; onNewScan: () => void }): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        keys.onPalette();
        return;
      }
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      if (event.key === '?') keys.onHelp();
      else if (event.key === 'n') keys.onNewScan();
      else return;
      event.preventDefault();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  });
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    target.closest('input, textarea, select, [contenteditable], [role="dialog"]') !== null
  );
}
