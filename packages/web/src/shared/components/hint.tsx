import { cloneElement, lazy, type ReactElement, Suspense, useRef, useState } from 'react';

const HintBubble = lazy(() => import('./hint-bubble.tsx').then((module) => ({ default: module.HintBubble })));

/**
 * An explanation on hover, touch and focus, and for screen readers at any time. What places it on the screen is loaded when the first one is
 * wanted: most visits need none.
 */
export function Hint({ label, children }: { label: string; children: ReactElement<{ 'aria-description'?: string }> }) {
  const holder = useRef<HTMLSpanElement>(null);
  const [target, setTarget] = useState<Element | null>(null);
  const show = () => setTarget(holder.current?.firstElementChild ?? null);
  const hide = () => setTarget(null);
  return (
    <span
      ref={holder}
      style={{ display: 'contents' }}
      onPointerOver={show}
      onPointerOut={hide}
      onFocus={show}
      onBlur={hide}
    >
      {cloneElement(children, { 'aria-description': label })}
      {target instanceof HTMLElement ? (
        <Suspense fallback={null}>
          <HintBubble label={label} target={target} />
        </Suspense>
      ) : null}
    </span>
  );
}
