import type { LinkMode } from '../network-settings.ts';
import type { SpaceName } from '../kernel-state.ts';
import { runIn, type Spaces } from './spaces.ts';
import type { RunTool } from './tool.ts';

/** What ethtool(8) says of a link. Nulls: the driver does not tell. */
export interface LinkState {
  /** Megabits a second. */
  readonly speed: number | null;
  readonly duplex: 'full' | 'half' | null;
  readonly negotiates: boolean;
  readonly canNegotiate: boolean;
}

export async function readLink(run: RunTool, spaces: Spaces, space: SpaceName, device: string): Promise<LinkState> {
  const { stdout } = await run(runIn(spaces, space, ['ethtool', device]));
  const speed = /^\s*Speed: (\d+)Mb\/s$/m.exec(stdout)?.[1];
  const duplex = /^\s*Duplex: (Full|Half)$/m.exec(stdout)?.[1];
  return {
    speed: speed === undefined ? null : Number(speed),
    duplex: duplex === 'Full' ? 'full' : duplex === 'Half' ? 'half' : null,
    negotiates: /^\s*Auto-negotiation: on$/m.test(stdout),
    canNegotiate: /^\s*Supports auto-negotiation: Yes$/m.test(stdout),
  };
}

/** Whether a link is, as far as it tells, what it was set to. */
export function isInMode(link: LinkState, mode: LinkMode): boolean {
  if (mode === 'auto') return link.negotiates || !link.canNegotiate;
  return !link.negotiates && `${link.speed}-${link.duplex}` === mode;
}

/** Sets it; returns what the driver said against it, or null. */
export async function setLink(
  run: RunTool,
  spaces: Spaces,
  space: SpaceName,
  device: string,
  mode: LinkMode,
): Promise<string | null> {
  const [speed = '', duplex = ''] = mode.split('-');
  const words = mode === 'auto' ? ['autoneg', 'on'] : ['speed', speed, 'duplex', duplex, 'autoneg', 'off'];
  const done = await run(runIn(spaces, space, ['ethtool', '-s', device, ...words]));
  return done.code === 0 ? null : done.stderr.trim() || `ethtool ended with ${done.code}`;
}
