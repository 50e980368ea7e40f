import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { connectionStates } from '../../daemon/connection-state.ts';
import { factory, readyStatus } from '../testing/console-driver.ts';
import type { ConsoleEvent, Key } from './console-event.ts';
import { keys } from './console-event.ts';
import { type ConsoleState, initialState } from './console-state.ts';
import { displayOf } from './display.ts';
import { promptedEffects } from './effect.ts';
import { faceOf, step } from './step.ts';

type Timed = { readonly gap: number; readonly event: ConsoleEvent };

const at = 0;
const key = fc.constantFrom(...keys).map((name): ConsoleEvent => ({ type: 'key', key: name, at }));
/** ENTER and DOWN lead somewhere; the others are rarer, or random walks would stay in the first menu. */
const walk = fc.constantFrom<Key>('enter', 'enter', 'enter', 'down', 'down', 'up', 'right');
const settings = fc.record({
  proxy: fc.constantFrom(null, { host: 'p', port: 1, user: null, password: { is: 'stored' as const } }),
  wan: fc.constantFrom(null, { method: 'dhcp' as const }),
  ipMode: fc.constantFrom('ipv4-and-ipv6' as const, 'ipv6-only' as const),
  lanVlan: fc.constantFrom(0, 7),
  chosen: fc.record({ dhcp: fc.boolean(), vlan: fc.boolean() }),
});
const status = fc.record({
  state: fc.constantFrom(...connectionStates, 'no-platform' as const),
  name: fc.constantFrom(null, 'is_x', 'ünïcode \u001b[2J name that is too long'),
  kind: fc.constantFrom('virtual' as const, 'physical' as const),
  scans: fc.boolean().map((runs) => (runs ? [{ kind: 'scan', scanId: 1, state: 'running' }] : [])),
});
const event: fc.Arbitrary<ConsoleEvent> = fc.oneof(
  { weight: 30, arbitrary: walk.map((name): ConsoleEvent => ({ type: 'key', key: name, at })) },
  { weight: 4, arbitrary: key },
  {
    weight: 2,
    arbitrary: fc
      .string({ unit: 'binary', minLength: 1, maxLength: 1 })
      .map((char): ConsoleEvent => ({ type: 'char', char, at })),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom(...'0123456789.:ab').map((char): ConsoleEvent => ({ type: 'char', char, at })),
  },
  { weight: 1, arbitrary: fc.constant<ConsoleEvent>({ type: 'tick', at }) },
  {
    weight: 1,
    arbitrary: status.map((change): ConsoleEvent => ({ type: 'status', status: { ...readyStatus, ...change } })),
  },
  {
    weight: 1,
    arbitrary: settings.map(
      (change): ConsoleEvent => ({ type: 'network', settings: { ...factory, ...change }, readOnly: null }),
    ),
  },
  { weight: 1, arbitrary: fc.constantFrom(null, 'no').map((refused): ConsoleEvent => ({ type: 'answer', refused })) },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom(null, 'ab'.repeat(32))
      .map((fingerprint): ConsoleEvent => ({ type: 'platform', enrolment: 'https://p', fingerprint })),
  },
);
const story = fc.array(fc.record({ gap: fc.constantFrom(1, 20, 200, 2000), event }), { maxLength: 120 });

/** Plays a story; `look` sees every state, and every event with the state it met. */
function play(
  events: readonly Timed[],
  look: (before: ConsoleState, event: ConsoleEvent, after: ReturnType<typeof step>) => void,
): ConsoleState {
  let state = step(step(initialState, { type: 'network', settings: factory, readOnly: null }).state, {
    type: 'status',
    status: readyStatus,
  }).state;
  let now = 1000;
  for (const { gap, event: each } of events) {
    now += gap;
    const timed = 'at' in each ? { ...each, at: now } : each;
    const next = step(state, timed);
    look(state, timed, next);
    state = next.state;
  }
  return state;
}

const text = (state: ConsoleState) => displayOf(state).lines.join(' ');

describe('whatever is pressed, typed and told', () => {
  it('nothing is stored, applied, reset or ended but by ENTER on a REALLY … prompt', () => {
    let seen = 0;
    fc.assert(
      fc.property(story, (events) => {
        play(events, (before, event, { effects }) => {
          if (!effects.some(({ type }) => promptedEffects.has(type))) return;
          seen += 1;
          expect(event).toMatchObject({ type: 'key', key: 'enter' });
          expect(text(before)).toMatch(/^REALLY /);
        });
      }),
      { numRuns: 400 },
    );
    expect(seen).toBeGreaterThan(20);
  });

  it('both lines are 20 printable ASCII characters, and the cursor is inside', () => {
    fc.assert(
      fc.property(story, (events) => {
        play(events, (_, __, { state }) => {
          const { lines, cursor } = displayOf(state);
          for (const line of lines) expect(line).toMatch(/^[ -~]{20}$/);
          expect(cursor === null || (cursor >= 0 && cursor <= 16)).toBe(true);
        });
      }),
      { numRuns: 200 },
    );
  });

  it('the indicators are right: a key that is not shown changes no screen', () => {
    fc.assert(
      fc.property(story, fc.constantFrom<Key>('up', 'down', 'left', 'right', 'enter'), (events, name) => {
        const state = play(events, () => {});
        if (faceOf(state).on[name] !== undefined) return;
        const after = step({ ...state, last: null }, { type: 'key', key: name, at: state.now + 5000 });
        expect([after.effects, text(after.state)]).toEqual([[], text({ ...state, now: state.now + 5000 })]);
      }),
      { numRuns: 200 },
    );
  });

  it('there is a way out to a resting screen by the five keys, with nothing changed', () => {
    fc.assert(
      fc.property(story, (events) => {
        const end = play(events, () => {});
        const { state, effects } = walkOut(end);
        expect(['resting', 'working', 'halting']).toContain(state.screen.kind);
        expect(effects.filter((type) => promptedEffects.has(type))).toEqual([]);
        // What is being done ends by itself, at the latest after three minutes.
        const later = step(state, { type: 'tick', at: state.now + 200_000 }).state;
        expect(later.screen.kind).toBe('resting');
      }),
      { numRuns: 300 },
    );
  });
});

/** How a person without a manual gets out: ENTER through the fields, UP at prompts, UP in menus. */
function walkOut(start: ConsoleState) {
  let state = start;
  const effects: Parameters<typeof promptedEffects.has>[0][] = [];
  const press = (name: Key) => {
    const next = step(state, { type: 'key', key: name, at: state.now + 1000 });
    state = next.state;
    effects.push(...next.effects.map(({ type }) => type));
  };
  for (let turn = 0; turn < 400; turn += 1) {
    const { screen } = state;
    if (screen.kind === 'resting' || screen.kind === 'working' || screen.kind === 'halting') break;
    if (screen.kind === 'settings' || screen.kind === 'doctor') press('left');
    else if (screen.kind !== 'field') press('up');
    else if (screen.notice === null) press('enter');
    else mend(press, () => state);
  }
  return { state, effects };
}

/** A value that ENTER refused: a text is cleared with LEFT and RIGHT together, digits are turned down to 0 or 1. */
function mend(press: (name: Key) => void, now: () => ConsoleState): void {
  press('enter');
  const { screen } = now();
  if (screen.kind !== 'field') return;
  if (screen.field.kind === 'text') {
    press('clear');
    return;
  }
  for (let digit = 0; digit < 12; digit += 1) press('left');
  for (let digit = 0; digit < 12; digit += 1) {
    for (let turn = 0; turn < 9; turn += 1) {
      const { screen: shown } = now();
      const { field } = shown.kind === 'field' ? shown : { field: null };
      const digits = field?.kind === 'ipv4' || field?.kind === 'digits' ? field.digits : '';
      const low = digit === digits.length - 1 ? '1' : '0';
      if ((digits[digit] ?? '0') <= low) break;
      press('down');
    }
    press('right');
  }
}
