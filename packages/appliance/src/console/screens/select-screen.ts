import { linkModeTexts, turnLinkMode } from '../flows/link-flows.ts';
import { flows } from '../flows/registry.ts';
import { type ConsoleState, show, type Step } from '../machine/console-state.ts';
import type { Screen } from '../machine/screen.ts';
import type { Face } from './face.ts';
import { enterFlow, leaveFlow } from './navigate.ts';

/** `LAN PORT LINK`, and under split network DOWN from it `WAN PORT LINK`. */
export function selectFace(state: ConsoleState, screen: Extract<Screen, { kind: 'select' }>): Face {
  const { flow, mode } = screen;
  const port = flows[flow].select ?? 'lan';
  const turn = (steps: 1 | -1) => (): Step => show(state, { ...screen, mode: turnLinkMode(mode, steps) });
  const hasNext = port === 'lan' && Boolean(state.settings?.wan);
  return {
    lines: [`${port.toUpperCase()} PORT LINK`, linkModeTexts[mode]],
    on: {
      up: () => leaveFlow(state, flow),
      escape: () => leaveFlow(state, flow),
      ...(hasNext ? { down: () => enterFlow(state, 'wan-link') } : {}),
      left: turn(-1),
      right: turn(1),
      enter: () => show(state, { kind: 'confirm', flow, draft: { mode } }),
    },
    help: hasNext ? 'LEFT, RIGHT choose. DOWN: WAN. ENTER goes on.' : 'LEFT, RIGHT choose. ENTER goes on.',
    detail: 'A forced mode must equal that of the switch port.',
  };
}
