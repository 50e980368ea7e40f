import { expect, it } from 'vitest';
import { AnswerScope } from './answer-scope.ts';
import type { HttpAnswer } from './http-message.ts';

const answer: HttpAnswer = {
  status: 404,
  head: 'HTTP/1.1 404 Not Found\r\nX-A: 1\r\n',
  headers: [
    ['X-Powered-By', 'a'],
    ['x-powered-by', 'b'],
    ['Set-Cookie', 'SID=1; Path=/'],
    ['Set-Cookie', 'sid=2'],
    ['Body', 'not this'],
    ['Content-Length', '12'],
  ],
  body: 'cut',
  seconds: 0.5,
  whole: true,
  coded: null,
};

it('has the variables of an answer: its parts, its fields, its cookies', () => {
  const scope = new AnswerScope('GET / HTTP/1.1', answer);
  const expected = {
    x_powered_by: 'a, b',
    set_cookie: 'SID=1; Path=/, sid=2',
    sid: '1',
    status_code: 404,
    body: 'cut',
    header: answer.head,
    all_headers: answer.head,
    all: `${answer.head}\r\ncut`,
    raw: `${answer.head}\r\ncut`,
    response: `${answer.head}\r\ncut`,
    content_length: 12,
    duration: 0.5,
    request: 'GET / HTTP/1.1',
  };
  expect(Object.fromEntries(scope)).toEqual(expected);
  expect([...scope].map(([name]) => name)).toHaveLength(Object.keys(expected).length);
  for (const [name, value] of Object.entries(expected)) expect(scope.get(name)).toBe(value);
  expect(scope.has('x-powered-by')).toBe(false);
  expect(scope.get('location')).toBeUndefined();
});

it('counts the body where the server announces no length', () => {
  for (const told of ['x', '-1', '1e3', ''])
    expect(new AnswerScope('', { ...answer, headers: [['content-length', told]] }).get('content_length')).toBe(3);
});
