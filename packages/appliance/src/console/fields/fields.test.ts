import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { digitsField } from './digits-field.ts';
import { type Field, fieldKey, fieldValue, fieldView } from './field.ts';
import type { FieldKey } from './field-key.ts';
import {
  domainName,
  hostOrIpv4,
  hostOrIpv6,
  ipv6Address,
  optionalIpv6Address,
  personalizationCode,
  port,
  proxyPassword,
  proxyUser,
} from './field-specs.ts';
import { ipv4Field } from './ipv4-field.ts';
import { netmaskField } from './netmask-field.ts';
import { ringOf, turn } from './ring.ts';
import { keepStored, type TextFieldSpec, textField } from './text-field.ts';

const up: FieldKey = { type: 'turn', steps: 1 };
const down: FieldKey = { type: 'turn', steps: -1 };
const right: FieldKey = { type: 'move', steps: 1 };
const left: FieldKey = { type: 'move', steps: -1 };
const chars = (text: string): FieldKey[] => [...text].map((char) => ({ type: 'char', char }));

function press(field: Field, ...keys: readonly FieldKey[]): Field {
  return keys.reduce((current, key) => {
    const next = fieldKey(current, key);
    if (!next.ok) throw new Error(`refused: ${next.error}`);
    return next.value;
  }, field);
}
const show = (field: Field) => fieldView(field).text.trimEnd();

/** All characters of a wheel, from the first space, by turning `count` times. */
function around(spec: TextFieldSpec, key: FieldKey, count: number): string {
  let field: Field = textField(spec, '');
  let seen = '';
  for (let step = 0; step < count; step += 1) {
    field = press(field, key);
    seen += fieldView(field).text[0];
  }
  return seen;
}

describe('the character wheel', () => {
  const small = 'abcdefghijklmnopqrstuvwxyz';
  const capitals = small.toUpperCase();

  it.each([
    ['proxy user', proxyUser, `${small} 0123456789_-\\@.${capitals} `],
    ['proxy password', proxyPassword, `${small} 0123456789_-\\/|~!?@#$%^&*+=(){}[]<>:;"\`,.${capitals} `],
    ['domain name', domainName, `${small} 0123456789_.-${capitals} `],
    ['proxy host', hostOrIpv4, `${small} 0123456789.-${capitals} `],
    ['proxy host in IPv6-only mode', hostOrIpv6, `${small} 0123456789.-:${capitals} `],
    ['IPv6 address', ipv6Address, 'abcdef 0123456789:.ABCDEF '],
    ['proxy port', port, '0123456789 '],
  ])('of the %s goes round upwards in the order of the documents', (_, spec, ring) => {
    expect(around(spec, up, ring.length)).toBe(ring);
  });

  it('goes the other way with DOWN', () => {
    const forward = around(proxyPassword, up, ringOf(proxyPassword.alphabet).length);
    expect(around(proxyPassword, down, forward.length)).toBe(`${forward.slice(0, -1).split('').reverse().join('')} `);
  });

  it('has 31 special characters for passwords and five for users', () => {
    const specials = (spec: TextFieldSpec) => [...ringOf(spec.alphabet)].filter((char) => /[^A-Za-z0-9 ]/.test(char));
    expect([specials(proxyPassword).length, specials(proxyUser).length]).toEqual([31, 5]);
  });

  it('comes back to where it was after turning there and back', () => {
    const ring = ringOf(proxyPassword.alphabet);
    fc.assert(
      fc.property(fc.nat(ring.length - 1), (place) => {
        expect(turn(ring, turn(ring, place, ring[place]!, 1), ring[(place + 1) % ring.length]!, -1)).toBe(place);
      }),
    );
  });
});

describe('a text field', () => {
  it('hides the first character when the seventeenth is entered', () => {
    const sixteen = press(textField(hostOrIpv4, ''), ...chars('proxy.internal.a'));
    expect(fieldView(sixteen)).toEqual({ text: 'proxy.internal.a', cursor: 16 });
    expect(fieldView(press(sixteen, ...chars('b'))).text).toBe('roxy.internal.ab');
    const back = press(sixteen, ...chars('b'), ...Array.from({ length: 17 }, () => left));
    expect(fieldView(back)).toEqual({ text: 'proxy.internal.a', cursor: 0 });
  });

  it('drops spaces around a value and closes up over one inside it', () => {
    const typed = press(textField(domainName, 'co.rp'), right, right, ...chars(' '));
    expect(fieldValue(typed)).toEqual({ ok: true, value: 'corp' });
    const turned = press(textField(domainName, 'coarp'), right, right, down);
    expect([show(turned), fieldValue(turned)]).toEqual(['co rp', { ok: true, value: 'corp' }]);
    expect(fieldValue(textField(domainName, '  corp  '))).toEqual({ ok: true, value: 'corp' });
  });

  it('keeps a space inside a password, and drops those at its ends', () => {
    const field = press(textField(proxyPassword, ''), ...chars('  pa ss word '));
    expect(fieldValue(field)).toEqual({ ok: true, value: 'pa ss word' });
  });

  it('shows of a password only the character under the cursor', () => {
    const field = press(textField(proxyPassword, ''), ...chars('secret'), left, left);
    expect(show(field)).toBe('****e*');
  });

  it('shows a stored password as stars and keeps it on ENTER, until something is entered', () => {
    const stored = textField(proxyPassword, '', true);
    expect(show(stored)).toBe('********');
    expect(fieldValue(press(stored, right))).toEqual({ ok: true, value: keepStored });
    expect(fieldValue(press(stored, ...chars('n')))).toEqual({ ok: true, value: 'n' });
    expect(fieldValue(press(stored, { type: 'clear' }))).toEqual({ ok: true, value: '' });
  });

  it('takes every character of its alphabet or refuses it, and never more than fit', () => {
    for (const spec of [domainName, hostOrIpv4, hostOrIpv6, port, proxyUser, proxyPassword, ipv6Address]) {
      fc.assert(
        fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (text) => {
          let field: Field = textField(spec, '');
          let taken = '';
          for (const char of text) {
            const next = fieldKey(field, { type: 'char', char });
            const fits = ringOf(spec.alphabet).includes(char) && taken.length < spec.length;
            expect(next.ok).toBe(fits);
            if (!next.ok) continue;
            field = next.value;
            taken += char;
          }
          expect(field.kind === 'text' && field.cells).toBe(taken.padEnd(spec.length));
        }),
        { numRuns: 20 },
      );
    }
  });

  it('takes back the last typed character with backspace', () => {
    expect(show(press(textField(proxyUser, ''), ...chars('bobb'), { type: 'erase' }))).toBe('bob');
  });
});

describe('checks of form at ENTER', () => {
  it.each([
    [hostOrIpv4, 'proxy.corp.example', 'proxy.corp.example'],
    [hostOrIpv4, '010.000.000.001', '10.0.0.1'],
    [hostOrIpv4, '10.0.0.1', '10.0.0.1'],
    [hostOrIpv4, '10.0.0.256', null],
    [hostOrIpv4, '10.0.0', null],
    [hostOrIpv4, '-proxy', null],
    [hostOrIpv4, '', null],
    [hostOrIpv6, 'fd00:0:0:0::5', 'fd00::5'],
    [hostOrIpv6, 'proxy', 'proxy'],
    [hostOrIpv6, '10.0.0.1', null],
    [hostOrIpv6, 'fd00:::5', null],
    [ipv6Address, '2001:0db8:0000:0000:0000:0000:0000:0001', '2001:db8::1'],
    [ipv6Address, '', null],
    [optionalIpv6Address, '', ''],
    [port, '0443', '443'],
    [port, '10443', '10443'],
    [port, '0', null],
    [port, '65536', null],
    [personalizationCode, '12345678901234', '12345678901234'],
    [personalizationCode, '1234567890123', null],
  ])('%#: %s', (spec, text, value) => {
    const result = fieldValue(textField(spec, text));
    expect(result.ok ? result.value : null).toBe(value);
    if (!result.ok) expect(result.error.length).toBeLessThanOrEqual(36);
  });
});

describe('an IPv4 field', () => {
  it('opens with leading zeros and stores without them', () => {
    const field = ipv4Field('194.55.176.2');
    expect(show(field)).toBe('194.055.176.002');
    expect(fieldValue(field)).toEqual({ ok: true, value: '194.55.176.2' });
    expect(show(ipv4Field(null))).toBe('000.000.000.000');
  });

  it('turns the digit under the cursor, which jumps over the dots', () => {
    const field = press(ipv4Field(null), up, right, right, right, down);
    expect(fieldView(field)).toEqual({ text: '100.900.000.000', cursor: 4 });
  });

  it('checks octets up to 255 only', () => {
    expect(fieldValue(press(ipv4Field(null), ...chars('256')))).toEqual({ ok: false, error: 'OCTET IS OVER 255' });
    expect(fieldValue(ipv4Field('255.255.255.255')).ok).toBe(true);
  });

  it.each([
    ['010001002003', '10.1.2.3'],
    ['10.1.2.3', '10.1.2.3'],
    ['192.168.100.20', '192.168.100.20'],
    ['010.001.002.003', '10.1.2.3'],
    ['0.0.0.0', '0.0.0.0'],
  ])('takes %s as it is typed or pasted', (text, value) => {
    expect(fieldValue(press(ipv4Field('194.55.176.2'), ...chars(text)))).toEqual({ ok: true, value });
  });

  it('takes any address that is pasted, over any that was there', () => {
    fc.assert(
      fc.property(fc.ipV4(), fc.ipV4(), (before, text) => {
        expect(fieldValue(press(ipv4Field(before), ...chars(text)))).toEqual({ ok: true, value: text });
      }),
    );
  });

  it.each(['0100010020031', '10..1', 'a', '1.2.3.4.5'])('refuses %s', (text) => {
    expect(() => press(ipv4Field(null), ...chars(text))).toThrow('refused');
  });
});

describe('a netmask field', () => {
  it('turns through 30 masks, /24 first, in the order of the documents', () => {
    let field: Field = netmaskField(null);
    expect(show(field)).toBe('255.255.255.000');
    const seen: string[] = [];
    for (let step = 0; step < 30; step += 1) {
      field = press(field, down);
      seen.push(show(field));
    }
    expect(seen[0]).toBe('255.255.254.000');
    expect(seen[19]).toBe('240.000.000.000');
    expect(seen.slice(22, 25)).toEqual(['128.000.000.000', '255.255.255.252', '255.255.255.248']);
    expect(seen.at(-1)).toBe('255.255.255.000');
    expect(new Set(seen).size).toBe(30);
    expect(show(press(netmaskField(24), up))).toBe('255.255.255.128');
    expect(show(press(netmaskField(30), up))).toBe('128.000.000.000');
  });

  it('takes no typed characters', () => {
    expect(fieldKey(netmaskField(null), { type: 'char', char: '2' }).ok).toBe(false);
  });
});

describe('a field of digits', () => {
  it('keeps its leading zeros and checks its range', () => {
    const field = press(digitsField(0, 4, 0, 4094), ...chars('0012'));
    expect(show(field)).toBe('0012');
    expect(fieldValue(field)).toEqual({ ok: true, value: '12' });
    expect(fieldValue(press(digitsField(0, 4, 0, 4094), ...chars('4095')))).toMatchObject({ error: 'MUST BE 0-4094' });
    expect(fieldKey(field, { type: 'char', char: '1' }).ok).toBe(false);
  });
});
