import { Skeleton, Title } from '@mantine/core';
import { useEffect, useState } from 'react';
import { ErrorState } from './error-state.tsx';
import classes from './page.module.css';

interface PageProps {
  readonly title: string;
  /** Beside the title: status, counts. */
  readonly about?: React.ReactNode;
  readonly actions?: React.ReactNode;
  /** The content takes the rest of the window (lists). */
  readonly fill?: boolean;
  readonly children: React.ReactNode;
}

/** Every page: one heading, what belongs to it, actions on the right, content. Sets the document's title. */
export function Page(props: PageProps) {
  useEffect(() => {
    document.title = `${props.title} · Picket`;
  }, [props.title]);
  return (
    <div className={classes.page} data-fill={props.fill ?? false}>
      <header className={classes.head}>
        <div className={classes.title}>
          <Title order={1}>{props.title}</Title>
          {props.about ? <div className={classes.about}>{props.about}</div> : null}
        </div>
        {props.actions ? <div className={classes.actions}>{props.actions}</div> : null}
      </header>
      {props.children}
    </div>
  );
}

/** A list with its side panel. */
export function Split({ children }: { children: React.ReactNode }) {
  return <div className={classes.split}>{children}</div>;
}

/** A titled card of a page. */
export function Section(props: {
  title: string;
  actions?: React.ReactNode;
  children: React.ReactNode;
  flush?: boolean;
}) {
  return (
    <section className={`pk-card ${classes.section}`} aria-label={props.title}>
      <div className={classes.sectionHead}>
        <Title order={2}>{props.title}</Title>
        {props.actions}
      </div>
      <div className={props.flush ? classes.flush : classes.sectionBody}>{props.children}</div>
    </section>
  );
}

/** What `Loaded` needs to know of a query. */
export interface Loading<T> {
  readonly data: T | undefined;
  readonly error: unknown;
  readonly refetch: () => unknown;
}

/** Shows a thing once it is there, its error, or (after 300 ms) a skeleton that keeps the layout. */
export function Loaded<T>({
  query,
  children,
  height = 240,
}: {
  query: Loading<T>;
  children: (data: T) => React.ReactNode;
  height?: number;
}) {
  if (query.data !== undefined) return <>{children(query.data)}</>;
  if (query.error) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  return <LateSkeleton height={height} />;
}

/** A skeleton that shows itself only when waiting becomes noticeable. */
export function LateSkeleton({ height }: { height: number }) {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), 300);
    return () => clearTimeout(timer);
  }, []);
  return <Skeleton height={height} visible={late} style={{ opacity: late ? 1 : 0 }} />;
}
