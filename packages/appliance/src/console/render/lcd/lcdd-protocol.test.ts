import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { displayOf } from '../../machine/display.ts';
import { ConsoleDriver } from '../../testing/console-driver.ts';
import { lcdCommands, parseLcdLine } from './lcdd-protocol.ts';

describe('the protocol of LCDd', () => {
  it.each([
    [
      'connect LCDproc 0.5.9 protocol 0.3 lcd wid 20 hgt 2 cellwid 5 cellhgt 8',
      { type: 'connect', width: 20, height: 2 },
    ],
    ['connect LCDproc', { type: 'connect', width: 0, height: 0 }],
    ['key Up', { type: 'key', key: 'up' }],
    ['key Enter\r', { type: 'key', key: 'enter' }],
    ['key Escape', { type: 'other' }],
    ['key constructor', { type: 'other' }],
    ['huh? Unknown screen id', { type: 'refused', reason: 'Unknown screen id' }],
    ['success', { type: 'other' }],
    ['', { type: 'other' }],
  ])('reads %j', (line, answer) => {
    expect(parseLcdLine(line)).toEqual(answer);
  });

  it('never fails on what the server says', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (line) => {
        expect(parseLcdLine(line).type).toBeTypeOf('string');
      }),
    );
  });

  it('sends only what changed', () => {
    const driver = new ConsoleDriver();
    const first = displayOf(driver.state);
    expect(lcdCommands(null, first)).toEqual([
      'widget_set picket first 1 1 "is_office        v *"',
      'widget_set picket second 1 2 "10.20.30.40      PIC"',
      'screen_set picket -cursor off',
      'output 0',
    ]);
    expect(lcdCommands(first, first)).toEqual([]);
    driver.press('enter enter down*2 enter enter right');
    const field = displayOf(driver.state);
    expect(lcdCommands(first, field)).toContain('screen_set picket -cursor under -cursor_x 2 -cursor_y 2');
    driver.press('up');
    expect(lcdCommands(field, displayOf(driver.state))).toEqual([
      'widget_set picket second 1 2 "010.000.000.000     "',
    ]);
  });

  it("lights the panel's second LED while an update is in progress", () => {
    const driver = new ConsoleDriver();
    const first = displayOf(driver.state);
    driver.status({ updating: true });
    const updating = displayOf(driver.state);
    expect(lcdCommands(first, updating)).toEqual(['output 2']);
    driver.status({ updating: false });
    expect(lcdCommands(updating, displayOf(driver.state))).toEqual(['output 0']);
  });

  it('puts backslashes before quotes and backslashes', () => {
    const display = { ...displayOf(new ConsoleDriver().state), lines: ['a"b\\c', ''] as const };
    expect(lcdCommands(null, display)[0]).toBe('widget_set picket first 1 1 "a\\"b\\\\c"');
  });
});
