import { fieldKey, fieldValue, fieldView } from '../fields/field.ts';
import type { FieldKey } from '../fields/field-key.ts';
import { flows } from '../flows/registry.ts';
import { type ConsoleState, show, type Step } from '../machine/console-state.ts';
import type { Screen } from '../machine/screen.ts';
import { type Face, labelLines } from './face.ts';
import { leaveFlow, openField } from './navigate.ts';

type FieldScreen = Extract<Screen, { kind: 'field' }>;

/** Input within this time of a refused one belongs to the same paste, milliseconds. Nobody types that fast. */
const quietMs = 100;
/** Characters that come closer together than this were not typed by hand, milliseconds. */
const pasteMs = 30;

/** An entry field: its label, its value with the cursor, and what the keys do to it. */
export function fieldFace(state: ConsoleState, screen: FieldScreen): Face {
  const { field, notice } = screen;
  if (notice !== null) {
    const back = () => show(state, afterNotice(screen));
    const keys = { up: back, down: back, left: back, right: back, enter: back, clear: back, erase: back, escape: back };
    const detail = notice.pasted ? 'The field was left as it was before the paste.' : 'Nothing was stored.';
    return { lines: labelLines(notice.text), on: keys, help: 'Any key goes on.', detail };
  }
  const press = (key: FieldKey) => () => pressed(state, screen, key);
  const { text, cursor } = fieldView(field);
  const moves = field.kind !== 'netmask';
  const turns = {
    up: press({ type: 'turn', steps: 1 }),
    down: press({ type: 'turn', steps: -1 }),
    enter: () => entered(state, screen),
    escape: () => leaveFlow(state, screen.flow),
  };
  const cursorKeys = {
    left: press({ type: 'move', steps: -1 }),
    right: press({ type: 'move', steps: 1 }),
    clear: press({ type: 'clear' }),
    erase: press({ type: 'erase' }),
  };
  return {
    lines: [labelOf(state, screen), text.trimEnd()],
    on: moves ? { ...turns, ...cursorKeys } : turns,
    cursor,
    help: moves ? 'Type, or UP and DOWN turn. ENTER goes on.' : 'UP and DOWN turn. ENTER goes on.',
  };
}

/** A typed or pasted character. */
export function typeChar(state: ConsoleState, screen: FieldScreen, char: string): Step {
  if (screen.notice !== null) return show(state, typedIntoNotice(state, screen, char));
  return show(state, takeChar(state, screen, char));
}

/** A key that comes with a paste that was refused must do nothing. Null: it does what it always does. */
export function swallowedKey(state: ConsoleState, screen: FieldScreen): Step | null {
  const { notice } = screen;
  if (notice === null || state.now - notice.at > quietMs) return null;
  return show(state, { ...screen, notice: { ...notice, at: state.now, pasted: true } });
}

/** Holding UP or DOWN repeats in the fields for user names and passwords only. */
export function repeatsWhenHeld({ flow, step }: FieldScreen, state: ConsoleState): boolean {
  const key = flows[flow].fields(state)[step]?.key;
  return key === 'user' || key === 'password';
}

function typedIntoNotice(state: ConsoleState, screen: FieldScreen, char: string): FieldScreen {
  const swallowed = swallowedKey(state, screen);
  if (swallowed !== null && swallowed.state.screen.kind === 'field') return swallowed.state.screen;
  // After a refused paste the first key only takes the message away.
  return screen.notice?.pasted ? afterNotice(screen) : takeChar(state, afterNotice(screen), char);
}

function takeChar(state: ConsoleState, screen: FieldScreen, char: string): FieldScreen {
  const next = fieldKey(screen.field, { type: 'char', char });
  const typedAt = state.now;
  if (next.ok) return { ...screen, field: next.value, typedAt };
  const pasted = state.now - screen.typedAt < pasteMs;
  return { ...screen, typedAt, notice: { text: next.error, at: state.now, pasted } };
}

function afterNotice(screen: FieldScreen): FieldScreen {
  const field = screen.notice?.pasted ? screen.opened : screen.field;
  return { ...screen, field, notice: null };
}

function pressed(state: ConsoleState, screen: FieldScreen, key: FieldKey): Step {
  const next = fieldKey(screen.field, key);
  return next.ok ? show(state, { ...screen, field: next.value }) : show(state, screen);
}

function entered(state: ConsoleState, screen: FieldScreen): Step {
  const value = fieldValue(screen.field);
  if (!value.ok) {
    // A field that must not be blank can be left by leaving it blank.
    if (isBlank(screen)) return leaveFlow(state, screen.flow);
    return show(state, { ...screen, notice: { text: value.error, at: state.now, pasted: false } });
  }
  const steps = flows[screen.flow].fields(state);
  const draft = { ...screen.draft, [steps[screen.step]?.key ?? '']: value.value };
  return openField(state, screen.flow, screen.step + 1, draft);
}

function isBlank({ field }: FieldScreen): boolean {
  return field.kind === 'text' && field.cells.trim() === '';
}

function labelOf(state: ConsoleState, screen: FieldScreen): string {
  return flows[screen.flow].fields(state)[screen.step]?.label ?? '';
}
