import type { FlowId } from '../flows/flow.ts';
import { flows } from '../flows/registry.ts';
import { type ConsoleState, show } from '../machine/console-state.ts';
import type { Screen } from '../machine/screen.ts';
import { type Face, labelLines } from './face.ts';
import { confirmFlow, enterFlow, leaveFlow } from './navigate.ts';

/** The screen that begins a flow of several fields. */
export function introFace(state: ConsoleState, { flow }: Extract<Screen, { kind: 'intro' }>): Face {
  return {
    lines: labelLines(flows[flow].intro ?? ''),
    on: { ...quit(state, flow), enter: () => enterFlow(state, flow) },
    help: 'ENTER goes on, UP quits.',
  };
}

/** A REALLY … ? prompt. */
export function confirmFace(state: ConsoleState, screen: Extract<Screen, { kind: 'confirm' }>): Face {
  const { flow, draft } = screen;
  return {
    lines: labelLines(flows[flow].question(state, draft)),
    on: { ...quit(state, flow), enter: () => confirmFlow(state, flow, draft) },
    help: 'ENTER does it, UP quits.',
  };
}

/** A refusal: any key goes back. */
export function messageFace(state: ConsoleState, screen: Extract<Screen, { kind: 'message' }>): Face {
  const back = () => show(state, screen.back);
  return {
    lines: labelLines(screen.text),
    on: { up: back, down: back, left: back, right: back, enter: back, escape: back },
    help: 'Any key goes back.',
    detail: screen.detail,
  };
}

function quit(state: ConsoleState, flow: FlowId): Face['on'] {
  const leave = () => leaveFlow(state, flow);
  return { up: leave, escape: leave };
}
