import { AppLink } from './app-link.tsx';
import classes from './facts.module.css';
import type { Filters } from './use-filters.ts';

/** Named values: a definition list in two columns. */
export function Facts({ children }: { children: React.ReactNode }) {
  return <dl className={classes.facts}>{children}</dl>;
}

/** One of them. */
export function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div className={classes.fact}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** A number with its name; `to` leads to the list that it counts. */
export function Figure(props: {
  value: React.ReactNode;
  name: string;
  note?: React.ReactNode;
  to?: string;
  filters?: Filters;
  /** Takes two places: a row of counts. */
  wide?: boolean;
}) {
  const body = (
    <>
      <span className={classes.value}>{props.value}</span>
      <span className={classes.name}>{props.name}</span>
      {props.note ? <span className={classes.note}>{props.note}</span> : null}
    </>
  );
  return (
    <div className={`pk-card ${classes.figure}`} data-wide={props.wide ?? false}>
      {props.to === undefined ? (
        body
      ) : (
        <AppLink to={props.to} filters={props.filters ?? {}} className={classes.link}>
          {body}
        </AppLink>
      )}
    </div>
  );
}

/** Figures side by side. */
export function Figures({ children }: { children: React.ReactNode }) {
  return <div className={classes.figures}>{children}</div>;
}
