import { Hint } from '../components/hint.tsx';
import type { Connection } from './connection.ts';
import classes from './connection-mark.module.css';

const words: Readonly<Record<Connection, { readonly label: string; readonly meaning: string }>> = {
  connecting: { label: 'Connecting', meaning: 'Opening the live connection to the platform.' },
  live: { label: 'Live', meaning: 'Changes appear as they happen.' },
  reconnecting: { label: 'Reconnecting', meaning: 'The live connection broke; this page shows the last known state.' },
  stale: { label: 'Stale', meaning: 'No live connection for a while: what is shown may be out of date.' },
};

/** Says whether the page is up to date, politely to screen readers too. */
export function ConnectionMark({ connection }: { connection: Connection }) {
  return (
    <Hint label={words[connection].meaning}>
      <span className={classes.mark} data-connection={connection} role="status">
        {words[connection].label}
      </span>
    </Hint>
  );
}

/** "12 new": brings in what arrived while the pointer was on the list. */
export function NewPill({ count, onShow }: { count: number; onShow: () => void }) {
  return (
    <div role="status" className={classes.holder}>
      {count > 0 ? (
        <button type="button" className={classes.pill} onClick={onShow}>
          {count} new
        </button>
      ) : null}
    </div>
  );
}
