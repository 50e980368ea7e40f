import { expect, it } from 'vitest';
import { type Taker, Turns } from './turns.ts';

interface Guest {
  readonly take: Taker;
  readonly done: (() => void)[];
}

function guest(name: string, told: string[], takes = true): Guest {
  const done: (() => void)[] = [];
  const take: Taker = (end) => {
    told.push(name);
    done.push(end);
    return takes;
  };
  return { take, done };
}

it('as many as may look at once have their turn, and the next one when one of them is done, in order', () => {
  const told: string[] = [];
  const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((name) => guest(name, told)) as [Guest, Guest, Guest, Guest];
  const turns = new Turns(2);
  turns.add([a, b, c, d].map(({ take }) => take));
  expect(told).toEqual(['a', 'b']);
  b.done[0]?.();
  b.done[0]?.();
  expect(told).toEqual(['a', 'b', 'c']);
  a.done[0]?.();
  expect(told).toEqual(['a', 'b', 'c', 'd']);
});

it('who needs no turn does not use one up, who left is not called, and nobody waits twice', () => {
  const told: string[] = [];
  const first = guest('first', told);
  const busy = guest('busy', told, false);
  const left = guest('left', told);
  const last = guest('last', told);
  const turns = new Turns(1);
  turns.add([first.take, busy.take, left.take, last.take, last.take]);
  turns.add([busy.take, last.take]);
  turns.remove(left.take);
  expect(told).toEqual(['first']);
  first.done[0]?.();
  expect(told).toEqual(['first', 'busy', 'last']);
  last.done[0]?.();
  expect(told).toEqual(['first', 'busy', 'last']);
  turns.add([last.take]);
  expect(told).toEqual(['first', 'busy', 'last', 'last']);
});
