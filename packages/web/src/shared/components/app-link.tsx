import { Link } from '@tanstack/react-router';
import type { Filters } from './use-filters.ts';

/** A link to a place of the interface. */
export function AppLink(props: {
  to: string;
  filters?: Filters;
  className?: string | undefined;
  label?: string;
  children: React.ReactNode;
}) {
  return (
    <Link
      to={props.to}
      search={props.filters ?? {}}
      className={props.className ?? 'pk-link'}
      {...(props.label === undefined ? {} : { 'aria-label': props.label })}
    >
      {props.children}
    </Link>
  );
}
