import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseInput, parserStart, parseSilence } from './key-parser.ts';

const read = (text: string) =>
  parseInput(parserStart, text).inputs.map((input) =>
    input.type === 'key' ? input.key : input.type === 'char' ? `'${input.char}` : input.type,
  );

describe('the keys of a terminal', () => {
  it.each([
    ['\u001b[A\u001b[B\u001b[C\u001b[D', ['up', 'down', 'right', 'left']],
    ['\u001bOA\u001bOD', ['up', 'left']],
    ['\r\n\r\r\n\n', ['enter', 'enter', 'enter', 'enter']],
    ['\r\0a', ['enter', "'a"]],
    ['\b\u007f\u0015\u000c\u0003', ['erase', 'erase', 'clear', 'redraw', 'interrupt']],
    ['\u001b[3~\u001b[1;5C\u001b[15~', ['erase', 'right']],
    ['\u001bx', ['escape', "'x"]],
    ['\u001b\u001b[A', ['escape', 'up']],
    ['\u001b[12;\u001b[A', ['up']],
    [`\u001b[${'1'.repeat(40)}A`, [...Array.from({ length: 24 }, () => "'1"), "'A"]],
    ['é☃', ["'é", "'☃"]],
    ['\u0001\u0002\u0007', []],
  ])('%j', (text, inputs) => {
    expect(read(text)).toEqual(inputs);
  });

  it('an ESC that nothing follows is the ESC key', () => {
    const { state, inputs } = parseInput(parserStart, '\u001b');
    expect(inputs).toEqual([]);
    expect(parseSilence(state).inputs).toEqual([{ type: 'key', key: 'escape' }]);
    expect(parseSilence(parserStart).inputs).toEqual([]);
  });

  it('are the same however the bytes are cut, and nothing is held without bound', () => {
    const bytes = fc.array(fc.constantFrom('\u001b', '[', 'O', 'A', 'D', ';', '1', '~', '\r', '\n', 'x', '\u0000'), {
      maxLength: 60,
    });
    fc.assert(
      fc.property(bytes, fc.nat(60), (parts, cut) => {
        const whole = parseInput(parserStart, parts.join(''));
        const first = parseInput(parserStart, parts.slice(0, cut).join(''));
        const second = parseInput(first.state, parts.slice(cut).join(''));
        expect([...first.inputs, ...second.inputs]).toEqual(whole.inputs);
        expect(whole.state.held.length).toBeLessThanOrEqual(16);
      }),
    );
  });
});
