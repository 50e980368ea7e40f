import { type LinkMode, linkModes } from '../../netconf/network-settings.ts';
import type { Port } from '../errors/cause.ts';
import { type Flow, plainFlow } from './flow.ts';

/** How the console writes link modes. */
export const linkModeTexts: Readonly<Record<LinkMode, string>> = {
  auto: 'AUTO',
  '1000-full': '1GbaseT/Full',
  '100-full': '100baseT/Full',
  '100-half': '100baseT/Half',
  '10-full': '10baseT/Full',
  '10-half': '10baseT/Half',
};

/** The mode that RIGHT (LEFT: -1) turns to. */
export function turnLinkMode(mode: LinkMode, steps: 1 | -1): LinkMode {
  const at = (linkModes.indexOf(mode) + steps + linkModes.length) % linkModes.length;
  return linkModes[at] ?? 'auto';
}

/** `LAN PORT LINK`: the setting takes effect at once, without an attempt to connect. */
export const lanLink: Flow = linkFlow('lan');
/** `WAN PORT LINK`, under split network only. */
export const wanLink: Flow = linkFlow('wan');

function linkFlow(port: Port): Flow {
  return {
    ...plainFlow,
    from: { menu: 'setup', option: 'links' },
    ups: 2,
    select: port,
    question: (_, draft) => `REALLY SET ${port.toUpperCase()} TO ${linkModeTexts[modeOf(draft.mode)]}`,
    working: 'SETTING PORT LINK',
    after: 'menu',
    effect: (_, draft) => ({ type: 'set-link', port, mode: modeOf(draft.mode) }),
  };
}

function modeOf(text: string | undefined): LinkMode {
  return linkModes.find((mode) => mode === text) ?? 'auto';
}
