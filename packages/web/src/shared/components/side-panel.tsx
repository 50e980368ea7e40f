import { CloseButton } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { lazy, Suspense, useEffect, useRef } from 'react';
import classes from './side-panel.module.css';

// Only narrow windows need it.
const PanelBox = lazy(() => import('./dialog-box.tsx').then((module) => ({ default: module.PanelBox })));

/** Beside the list on wide screens, over it on narrow ones. Escape closes; focus returns to the row by the list. */
export function SidePanel(props: {
  title: React.ReactNode;
  label: string;
  onClose: () => void;
  children: React.ReactNode;
}) {
  const narrow = useMediaQuery('(max-width: 62em)', false, { getInitialValueInEffect: false });
  const panel = useRef<HTMLElement>(null);
  useEffect(() => {
    if (narrow) return;
    const before = document.activeElement;
    panel.current?.focus({ preventScroll: true });
    return () => {
      // Focus was in the panel and went with it: back to the row that opened it.
      if (document.activeElement === document.body && isFocusable(before)) before.focus();
    };
  }, [narrow]);
  if (narrow) {
    return (
      <Suspense fallback={null}>
        <PanelBox {...props} />
      </Suspense>
    );
  }
  return (
    <aside
      className={classes.panel}
      aria-label={props.label}
      ref={panel}
      tabIndex={-1}
      onKeyDown={(event) => {
        if (event.key === 'Escape') props.onClose();
      }}
    >
      <header className={classes.head}>
        <div className={classes.title}>{props.title}</div>
        <CloseButton aria-label="Close panel" onClick={props.onClose} />
      </header>
      <div className={classes.body}>{props.children}</div>
    </aside>
  );
}

/** Rows of lists, and parts of drawings. */
function isFocusable(element: Element | null): element is HTMLElement | SVGElement {
  return element instanceof HTMLElement || element instanceof SVGElement;
}
