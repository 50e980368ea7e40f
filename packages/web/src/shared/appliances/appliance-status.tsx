import type { Appliance } from '@picket/contracts/api/appliance';
import classes from './appliances.module.css';

/** The state that counts most, as a word. Pure. */
export function applianceWord(
  one: Pick<Appliance, 'state' | 'online'>,
): 'Online' | 'Offline' | 'Waiting' | 'Revoked' | 'Clone suspected' {
  if (one.state === 'provisioned') return 'Waiting';
  if (one.state === 'revoked') return 'Revoked';
  if (one.state === 'suspect') return 'Clone suspected';
  return one.online ? 'Online' : 'Offline';
}

/** Status by shape, hue and word. */
export function ApplianceStatus({ appliance }: { appliance: Pick<Appliance, 'state' | 'online'> }) {
  const word = applianceWord(appliance);
  return (
    <span className={classes.status} data-status={word}>
      <span className={word === 'Waiting' ? 'pk-hatch' : undefined} aria-hidden="true" />
      {word}
    </span>
  );
}
