import { confirmFace, introFace, messageFace } from '../screens/prompt-screens.ts';
import { doctorFace } from '../screens/doctor-screen.ts';
import type { Face } from '../screens/face.ts';
import { fieldFace, repeatsWhenHeld, swallowedKey, typeChar } from '../screens/field-screen.ts';
import { fingerprintFace } from '../screens/fingerprint-screen.ts';
import { menuFace } from '../screens/menu-screen.ts';
import { restingFace } from '../screens/resting-screen.ts';
import { selectFace } from '../screens/select-screen.ts';
import { settingsFace } from '../screens/settings-screen.ts';
import { haltingFace, workingFace } from '../screens/working-screens.ts';
import type { ConsoleEvent, Key } from './console-event.ts';
import { type ConsoleState, type Step, show } from './console-state.ts';
import { onAnswer, onBoot, onGone, onPlatform, onStatus, onTick } from './world-events.ts';

/** LEFT and RIGHT within this time count as pressed together, milliseconds. */
const togetherMs = 100;
/** A key that is held acts again after this time, and then in this rhythm, milliseconds. */
const holdDelayMs = 500;
const holdEveryMs = 120;

/** What the console shows and does in a state. */
export function faceOf(state: ConsoleState): Face {
  const { screen } = state;
  switch (screen.kind) {
    case 'resting':
      return restingFace(state);
    case 'menu':
      return menuFace(state, screen);
    case 'intro':
      return introFace(state, screen);
    case 'field':
      return fieldFace(state, screen);
    case 'select':
      return selectFace(state, screen);
    case 'confirm':
      return confirmFace(state, screen);
    case 'working':
      return workingFace(state, screen);
    case 'message':
      return messageFace(state, screen);
    case 'settings':
      return settingsFace(state, screen);
    case 'doctor':
      return doctorFace(state, screen);
    case 'fingerprint':
      return fingerprintFace(state, screen);
    case 'halting':
      return haltingFace(screen);
  }
}

/** The console after an event, and what it asks for. Pure: the same events always lead to the same. */
export function step(before: ConsoleState, event: ConsoleEvent): Step {
  const state = 'at' in event ? { ...before, now: Math.max(before.now, event.at) } : before;
  switch (event.type) {
    case 'key':
      return onKey(state, event.key, event.phase ?? null);
    case 'char': {
      const touched = { ...state, touchedAt: state.now, last: null };
      return touched.screen.kind === 'field'
        ? typeChar(touched, touched.screen, event.char)
        : show(touched, touched.screen);
    }
    case 'tick':
      return onTick(state, () => repeatHeld(state));
    case 'status':
      return onStatus({ ...state, status: event.status, connected: true, boot: null });
    case 'network':
      return show({ ...state, settings: event.settings, readOnly: event.readOnly }, state.screen);
    case 'answer':
      return onAnswer(state, event.refused);
    case 'platform':
      return onPlatform(state, event.enrolment, event.fingerprint);
    case 'boot':
      return onBoot(state, event.phase);
    case 'gone':
      return onGone(state);
  }
}

function onKey(before: ConsoleState, key: Key, phase: 'press' | 'release' | null): Step {
  if (phase === 'release') return show({ ...before, hold: null }, before.screen);
  const { last, now, screen } = before;
  const state: ConsoleState = {
    ...before,
    touchedAt: now,
    last: { key, at: now, screen },
    hold: phase === 'press' ? { key, nextAt: now + holdDelayMs } : null,
  };
  if (screen.kind === 'field') {
    const swallowed = swallowedKey(state, screen);
    if (swallowed !== null) return swallowed;
  }
  const together = last !== null && now - last.at <= togetherMs && areOpposite(last.key, key);
  // The first of the two keys has moved the cursor already; the field is cleared as it was before.
  if (together && last.screen.kind === 'field' && last.screen.field.kind === 'text') {
    return act({ ...state, screen: last.screen, last: null, hold: null }, 'clear');
  }
  return act(state, key);
}

function act(state: ConsoleState, key: Key): Step {
  return faceOf(state).on[key]?.() ?? show(state, state.screen);
}

function areOpposite(one: Key, other: Key): boolean {
  return (one === 'left' && other === 'right') || (one === 'right' && other === 'left');
}

function repeatHeld(state: ConsoleState): Step | null {
  const { hold, screen, now } = state;
  if (hold === null || now < hold.nextAt || screen.kind !== 'field') return null;
  if ((hold.key !== 'up' && hold.key !== 'down') || !repeatsWhenHeld(screen, state)) return null;
  return act({ ...state, touchedAt: now, hold: { ...hold, nextAt: now + holdEveryMs } }, hold.key);
}
