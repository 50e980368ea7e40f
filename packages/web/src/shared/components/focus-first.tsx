import { useEffect, useRef } from 'react';

/**
 * Puts the focus where its content wants it (`data-autofocus`), for content of a dialog that comes after the dialog itself: what traps the focus
 * there has looked for it already, and took the button that closes. Whoever has gone into a field meanwhile stays there.
 */
export function FocusFirst({ children }: { children: React.ReactNode }) {
  const holder = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const isTyping = document.activeElement?.matches('input, textarea, select') === true;
    if (!isTyping) holder.current?.querySelector<HTMLElement>('[data-autofocus="true"]')?.focus();
  }, []);
  return (
    <div ref={holder} style={{ display: 'contents' }}>
      {children}
    </div>
  );
}
