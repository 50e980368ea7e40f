import { expect, it } from 'vitest';
import { AnswerHistory } from './answer-history.ts';

it('knows the answers of a block by their number', () => {
  const history = new AnswerHistory();
  history.add(1, new Map([['body', 'one']]));
  history.add(
    12,
    new Map<string, string | number>([
      ['body', 'twelve'],
      ['x_1', 'odd'],
      ['empty', ''],
    ]),
  );
  expect(['body_1', 'body_12', 'x_1_12', 'empty_12'].map((name) => history.get(name))).toEqual([
    'one',
    'twelve',
    'odd',
    '',
  ]);
  for (const name of ['body', 'body_2', 'body_01', 'body_012', '_1', '1', 'body_', 'body1', ''])
    expect(history.has(name)).toBe(false);
  expect(history.has('empty_12')).toBe(true);
});

it('keeps what an earlier answer to the same request had', () => {
  const history = new AnswerHistory();
  history.add(
    1,
    new Map([
      ['a', 'x'],
      ['b', 'x'],
    ]),
  );
  history.add(1, new Map([['b', 'y']]));
  expect([...history]).toEqual([
    ['a_1', 'x'],
    ['b_1', 'y'],
  ]);
});
