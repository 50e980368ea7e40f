import { describe, expect, it } from 'vitest';
import { ConsoleDriver } from '../testing/console-driver.ts';

const host = () => new ConsoleDriver().press('down enter down*4 enter enter clear');
const password = () => host().type('p').press('enter enter enter');

describe('LEFT and RIGHT pressed together', () => {
  it.each([
    ['left', 'right'],
    ['right', 'left'],
  ] as const)('clear a text field: %s first', (first, second) => {
    const driver = host().type('proxy.corp');
    driver.burst([{ key: first }, { key: second }], 20);
    expect(driver.screen()).toBe('PROXY HOST');
  });

  it('do so for keys that tell their release too, and not when pressed one after the other', () => {
    const driver = host().type('proxy');
    driver.tell({ type: 'key', key: 'left', phase: 'press', at: 900_000 });
    driver.tell({ type: 'key', key: 'right', phase: 'press', at: 900_030 });
    expect(driver.screen()).toBe('PROXY HOST');
    expect(host().type('proxy').press('left right').screen()).toBe('PROXY HOST proxy');
  });

  it('only move the cursor in an IPv4 field', () => {
    const driver = new ConsoleDriver().press('down enter down*2 enter enter up');
    driver.burst([{ key: 'right' }, { key: 'left' }], 20);
    expect(driver.screen()).toBe('LAN IP ADDR 100.000.000.000');
  });
});

describe('a key that is held down', () => {
  const hold = (driver: ConsoleDriver, key: 'up' | 'down', milliseconds: number) => {
    const start = driver.state.now + 1000;
    driver.tell({ type: 'key', key, phase: 'press', at: start });
    for (let at = start; at <= start + milliseconds; at += 20) driver.tell({ type: 'tick', at });
    driver.tell({ type: 'key', key, phase: 'release', at: start + milliseconds });
    for (let at = start + milliseconds; at <= start + 2 * milliseconds; at += 20) driver.tell({ type: 'tick', at });
    return driver.screen();
  };

  it('repeats in user name and password fields, until it is released', () => {
    expect(hold(host().type('p').press('enter enter'), 'up', 1000)).toBe('PROXY USER: f');
    expect(hold(password(), 'down', 1000)).toBe('PROXY PASSW U');
  });

  it('does not in any other field', () => {
    expect(hold(host(), 'up', 1000)).toBe('PROXY HOST a');
    expect(hold(new ConsoleDriver().press('down enter down*2 enter enter'), 'up', 1000)).toBe(
      'LAN IP ADDR 100.000.000.000',
    );
  });
});

describe('input at the full speed of the line', () => {
  it('is taken whole', () => {
    const long = 'proxy-0123456789.internal.example.with-a-long-name.corp';
    const driver = host().type(long, 1).press('enter').type('10443', 1).press('enter').type('CORP\\svc_picket', 1);
    driver.press('enter').type('a b{c}"d`e', 1).press('enter enter');
    expect(driver.effects[0]?.effect).toMatchObject({
      settings: {
        proxy: { host: long, port: 10_443, user: 'CORP\\svc_picket', password: { is: 'typed', value: 'a b{c}"d`e' } },
      },
    });
  });

  it.each([
    ['a character that the field does not take', 'proxy_corp'],
    ['more characters than fit', 'x'.repeat(300)],
    ['a character of another alphabet', 'próxy'],
  ])('refuses the field for %s, says so, and leaves it as it was', (_, text) => {
    const driver = new ConsoleDriver().press('down enter down*4 enter enter').type(text, 1);
    expect(driver.screen()).toMatch(/NOT IN THIS FIELD|FIELD IS FULL/);
    expect(driver.press('enter').screen()).toBe('PROXY HOST 10.20.30.1');
  });

  it('swallows all of a refused paste, ENTER included: nothing of it reaches the next field or a prompt', () => {
    const driver = host().burst([
      ...'pr_xy',
      { key: 'enter' },
      ...'8080',
      { key: 'enter' },
      { key: 'enter' },
      ...'abc',
    ]);
    expect(driver.screen()).toBe('NOT IN THIS FIELD');
    expect(driver.press('enter').screen()).toBe('PROXY HOST 10.20.30.1');
  });

  it('a mistyped key costs nothing but that key', () => {
    const driver = host().type('proxy').type('_');
    expect(driver.screen()).toBe('NOT IN THIS FIELD');
    expect(driver.type('1').screen()).toBe('PROXY HOST proxy1');
    expect(driver.type('_').press('enter').screen()).toBe('PROXY HOST proxy1');
  });

  it('a value that ENTER refuses can be mended', () => {
    const driver = host().type('p').press('enter').type('99999').press('enter');
    expect(driver.screen()).toBe('MUST BE 1-65535');
    expect(driver.press('enter left*9 down*8 enter').screen()).toBe('PROXY USER:');
  });
});

describe('ways out of a field', () => {
  it('ENTER on a blank field that must not be blank, and ESC on a keyboard', () => {
    expect(host().press('enter').screen()).toBe('ENABLE PROXY');
    expect(host().type('proxy').press('escape').screen()).toBe('ENABLE PROXY');
    const code = new ConsoleDriver({ name: null, state: 'awaiting-activation' }).press('down down*3 enter enter');
    expect(code.screen()).toBe('PERSONALIZATION CODE');
  });
});
