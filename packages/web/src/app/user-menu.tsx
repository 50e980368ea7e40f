import type { SessionState } from '@picket/contracts/api/session';
import { IconUserCircle } from '@tabler/icons-react';
import { lazy, Suspense, useState } from 'react';
import classes from './shell.module.css';

const OpenUserMenu = lazy(() => import('./open-user-menu.tsx').then((module) => ({ default: module.OpenUserMenu })));

/** Who is signed in; theme, profile, password, sign-out. The menu itself is loaded when it is first asked for. */
export function UserMenu(props: {
  user: NonNullable<SessionState['user']>;
  onHelp: () => void;
  onPassword: () => void;
}) {
  const [asked, setAsked] = useState(false);
  const { name } = props.user;
  const button = (
    <button
      type="button"
      className={classes.userButton}
      aria-label={`Account menu of ${name}`}
      aria-haspopup="menu"
      onClick={() => setAsked(true)}
    >
      <IconUserCircle size={18} stroke={1.75} aria-hidden="true" />
      <span className="pk-truncate">{name}</span>
    </button>
  );
  return (
    <div className={classes.user}>
      {asked ? (
        <Suspense fallback={button}>
          <OpenUserMenu {...props} />
        </Suspense>
      ) : (
        button
      )}
    </div>
  );
}
