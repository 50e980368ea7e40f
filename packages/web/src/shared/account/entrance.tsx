import { Title } from '@mantine/core';
import classes from './entrance.module.css';

/** The plain page before the interface: sign-in, password, terms. */
export function Entrance({
  title,
  children,
  footer,
}: {
  title: string;
  children: React.ReactNode;
  footer?: React.ReactNode;
}) {
  return (
    <main className={classes.entrance}>
      <div className={classes.brand}>
        <img src="/icon.svg" alt="" width="32" height="32" />
        Picket
      </div>
      <div className={`pk-card ${classes.card}`}>
        <Title order={1} mb="md">
          {title}
        </Title>
        {children}
      </div>
      {footer ? <div className={classes.footer}>{footer}</div> : null}
    </main>
  );
}
