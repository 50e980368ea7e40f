import { describe, expect, it } from 'vitest';
import { moveOf } from './move.ts';

const ca = `#ca=sha256:${'ab'.repeat(32)}`;

describe('the place that an appliance is told', () => {
  it.each([
    ['no other is wanted', null, `https://old.test${ca}`],
    ['it is from before it could be moved', `https://new.test${ca}`, undefined],
    ['it is there', `https://new.test${ca}`, `https://new.test${ca}`],
    ['it is there, with the usual port written out', `https://new.test:443${ca}`, `https://new.test${ca}`],
  ])('is none when %s', (_why, to, reported) => {
    expect(moveOf(to, reported)).toEqual({});
  });

  it.each([
    ['another host', `https://new.test${ca}`, `https://old.test${ca}`],
    ['another port', `https://old.test:8443${ca}`, `https://old.test${ca}`],
    ['another authority', `https://old.test${ca}`, 'https://old.test'],
    ['a place, where it reports none that can be read', `https://new.test${ca}`, 'nowhere'],
  ])('is %s', (_what, to, reported) => {
    expect(moveOf(to, reported)).toEqual({ enrolment: to });
  });
});
