import classes from './entry-list.module.css';

/** A few things one below the other, each with what is known of it and what can be done with it. For long lists: DataTable. */
export function EntryList({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <ul className={classes.list} aria-label={label}>
      {children}
    </ul>
  );
}

/** One of them. */
export function Entry(props: { title: React.ReactNode; facts: React.ReactNode; action?: React.ReactNode }) {
  return (
    <li className={classes.entry}>
      <div className={classes.text}>
        <div>{props.title}</div>
        <div className={classes.facts}>{props.facts}</div>
      </div>
      {props.action}
    </li>
  );
}
