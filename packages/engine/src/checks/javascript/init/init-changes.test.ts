import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Payloads } from '@picket/checks/protocols/payloads';
import type { ScriptValue } from '../sandbox/script-messages.ts';
import { ScriptArgs } from '../script-args.ts';
import { ScriptFault } from '../script-fault.ts';
import type { ScriptHost } from '../script-host.ts';
import { InitChanges } from './init-changes.ts';

const nobody = {} as ScriptHost;

function changed(payloads: Payloads | null, ...calls: readonly (readonly [string, ...ScriptValue[]])[]) {
  const changes = new InitChanges(payloads);
  for (const [name, ...args] of calls) changes.functions.get(name)?.(new ScriptArgs(args), nobody);
  return changes.given();
}

const own: Payloads = { attack: 'clusterbomb', lists: [['user', [{ literal: 'a' }]]] };

describe('what an init changes', () => {
  it('is a list of the block, a new one, or a variable; the way to combine them stays', () => {
    const given = changed(
      own,
      ['updatePayload', 'user', ['x', 1, true]],
      ['updatePayload', 'word', 'é\nb'],
      ['set', 'Deep', { a: [1] }],
    );
    expect(given).toEqual({
      ok: true,
      value: {
        payloads: {
          attack: 'clusterbomb',
          lists: [
            ['user', [{ literal: 'x' }, { literal: '1' }, { literal: 'true' }]],
            ['word', [{ literal: '\u00c3\u00a9' }, { literal: 'b' }]],
          ],
        },
        variables: new Map([['Deep', { a: [1] }]]),
      },
    });
    expect(changed(null)).toEqual({ ok: true, value: { payloads: null, variables: new Map() } });
  });

  it.each<[string, string, ...ScriptValue[]]>([
    ['a port', 'set', 'Port', '1'],
    ['a name that is none', 'set', 'a b', '1'],
    ['the prototype', 'set', '__proto__', '1'],
    ['nothing', 'set', 'a'],
    ['a file', 'updatePayload', 'user', '/etc/passwd'],
    ['an empty list', 'updatePayload', 'user', []],
    ['a list of lists', 'updatePayload', 'user', [['a']]],
    ['a text without end', 'set', 'a', 'x'.repeat(2_097_153)],
    ['a list without end', 'updatePayload', 'a', Array.from({ length: 30 }, () => 'x'.repeat(80_000))],
  ])('is not %s', (_what, ...call) => {
    expect(() => changed(own, call)).toThrow(ScriptFault);
  });

  it('has bounds: names, and combinations of its lists', () => {
    const many = Array.from({ length: 65 }, (_, index) => ['set', `v${index}`, 1] as const);
    expect(() => changed(own, ...many)).toThrow('at most 64 names');
    const long = Array.from({ length: 200 }, String);
    expect(changed(own, ['updatePayload', 'user', long], ['updatePayload', 'word', long])).toMatchObject({
      ok: false,
      error: { reason: 'check-unsupported' },
    });
  });

  it('is a bounded set of texts whatever the script passes', () => {
    const value = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<ScriptValue>;
    const call = fc.tuple(
      fc.constantFrom('set', 'updatePayload'),
      fc.oneof(fc.string(), value, fc.constantFrom('a', 'user')),
      value,
    );
    fc.assert(
      fc.property(fc.array(call, { maxLength: 20 }), (calls) => {
        const changes = new InitChanges(own);
        for (const [name, ...args] of calls) {
          try {
            changes.functions.get(name)?.(new ScriptArgs(args), nobody);
          } catch (error) {
            expect(error).toBeInstanceOf(ScriptFault);
          }
        }
        const given = changes.given();
        if (!given.ok) return;
        for (const [, texts] of given.value.payloads?.lists ?? []) {
          expect(texts.length).toBeGreaterThan(0);
          expect(texts.every((text) => 'literal' in text)).toBe(true);
        }
        expect([...given.value.variables.values()]).not.toContain(null);
      }),
      { numRuns: 200 },
    );
  });
});
