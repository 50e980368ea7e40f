import type { BootPhase } from './console-event.ts';
import { type ConsoleState, scanRuns, show, type Step } from './console-state.ts';

/** An abandoned menu or field closes after this time, milliseconds. */
const idleMs = 600_000;
/** What was asked for and never answered is given up after this time; the status tells how it stands, milliseconds. */
const workingMs = 180_000;

/** Time goes by: held keys act again, abandoned screens close. */
export function onTick(state: ConsoleState, repeat: () => Step | null): Step {
  const { screen, now } = state;
  const repeated = repeat();
  if (repeated !== null) return repeated;
  const waits = screen.kind === 'working' || screen.kind === 'halting';
  if (waits && now - screen.since > workingMs) return show(state, { kind: 'resting' });
  if (!waits && screen.kind !== 'resting' && now - state.touchedAt > idleMs) return show(state, { kind: 'resting' });
  return show(state, screen);
}

/** A status ends waiting: for the scan's end, and for the outcome of the attempt to connect. */
export function onStatus(state: ConsoleState): Step {
  const { screen, status } = state;
  // After a reboot the daemon speaks again.
  if (screen.kind === 'halting' && screen.gone) return show(state, { kind: 'resting' });
  if (screen.kind !== 'working') return show(state, screen);
  if (screen.phase === 'canceling' && !scanRuns(state)) return show(state, { ...screen, phase: 'applying' });
  if (screen.phase === 'contacting' && status?.state !== 'connecting') return show(state, { kind: 'resting' });
  return show(state, screen);
}

/** The daemon did what was asked, or refused it. */
export function onAnswer(state: ConsoleState, refused: string | null): Step {
  const { screen } = state;
  if (refused !== null) {
    if (screen.kind === 'message') return show(state, screen);
    const back = screen.kind === 'working' || screen.kind === 'halting' ? ({ kind: 'resting' } as const) : screen;
    return show(state, { kind: 'message', text: 'REFUSED', detail: refused, back });
  }
  if (screen.kind !== 'working' || screen.phase === 'asking') return show(state, screen);
  // What was done without an attempt to connect, or with one that is over already, rests at once.
  if (state.status?.state !== 'connecting') return show(state, { kind: 'resting' });
  return show(state, { ...screen, phase: 'contacting' });
}

/** The platform that was asked for was found. With a public certificate authority there is no fingerprint to compare. */
export function onPlatform(state: ConsoleState, enrolment: string, fingerprint: string | null): Step {
  if (state.screen.kind !== 'working' || state.screen.phase !== 'asking') return show(state, state.screen);
  return show(state, { kind: 'fingerprint', enrolment, fingerprint: fingerprint ?? '', page: 0 });
}

/** The machine starts (again). */
export function onBoot(state: ConsoleState, phase: BootPhase): Step {
  return show({ ...state, boot: phase }, state.screen.kind === 'halting' ? { kind: 'resting' } : state.screen);
}

/** The daemon does not answer: what waits for it has ended. */
export function onGone(before: ConsoleState): Step {
  const state: ConsoleState = { ...before, connected: false };
  const { screen } = state;
  if (screen.kind === 'halting') return show(state, { ...screen, gone: true });
  return show(state, screen.kind === 'working' ? { kind: 'resting' } : screen);
}
