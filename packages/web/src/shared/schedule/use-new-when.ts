import { formatWall, hourMs } from '@picket/plan/schedule/civil';
import { wallAt } from '@picket/plan/schedule/zone';
import { useNow } from '../time/use-now.ts';
import { newWhen, type When } from './when.ts';
import { viewerZone } from './zones.ts';

/** What a new job begins with: the viewer's zone, the next full hour. */
export function useNewWhen(mode: 'now' | 'repeats'): When {
  const zone = viewerZone();
  const wall = wallAt(zone, useNow());
  return { ...newWhen(zone, formatWall((Math.floor(wall / hourMs) + 1) * hourMs)), mode };
}
