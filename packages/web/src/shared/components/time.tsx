import { formatExact, formatRelative } from '../format/time.ts';
import { useNow } from '../time/use-now.ts';

/** A time, relative to now; the exact time with its zone on hover and in the document. */
export function Time({ at, never = 'never' }: { at: string | null; never?: string }) {
  const now = useNow();
  if (at === null) return <span>{never}</span>;
  const then = Date.parse(at);
  if (Number.isNaN(then)) return <span>{at}</span>;
  return (
    <time dateTime={at} title={formatExact(then)} style={{ whiteSpace: 'nowrap' }}>
      {formatRelative(then, now)}
    </time>
  );
}

/** The exact time, for places where hovering is too much to ask (audit log, evidence); `wraps` in narrow ones. */
export function ExactTime({ at, wraps = false }: { at: string; wraps?: boolean }) {
  return (
    <time dateTime={at} style={{ whiteSpace: wraps ? 'normal' : 'nowrap' }}>
      {formatExact(Date.parse(at))}
    </time>
  );
}
