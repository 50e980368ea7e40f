import type { MapHost } from '@picket/contracts/map/map-result';
import { NotKnown } from '../../shared/components/unknown.tsx';
import classes from './maps.module.css';
import { roleWord, strengthWords } from './role-words.ts';

/** The roles of a host, each with how sure it is and why. */
export function RoleList({ roles }: { roles: MapHost['roles'] }) {
  if (roles.length === 0) return <NotKnown>Nothing that it showed tells what it is for.</NotKnown>;
  return (
    <ul className={classes.roles}>
      {roles.map((role) => (
        <li key={role.role}>
          <strong>{roleWord(role.role).label}</strong>{' '}
          <span className={classes.source} title={strengthWords[role.strength].meaning}>
            {strengthWords[role.strength].label}
          </span>
          <ul className={classes.evidence}>
            {role.evidence.map((text) => (
              <li key={text}>{text}</li>
            ))}
          </ul>
        </li>
      ))}
    </ul>
  );
}

/** Roles in one line; a guess is marked. */
export function RoleLine({ roles }: { roles: MapHost['roles'] }) {
  if (roles.length === 0) return <NotKnown />;
  const text = roles
    .map((one) => `${roleWord(one.role).label}${one.strength === 'guess' ? ' (guess)' : ''}`)
    .join(', ');
  return (
    <span className="pk-truncate" title={text}>
      {text}
    </span>
  );
}
