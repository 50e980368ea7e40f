import { describe, expect, it } from 'vitest';
import { restartForNetwork, restartForUpdate } from '../daemon/exit.ts';
import { type DaemonEnd, judgeExit, networkExitCode, updateExitCode } from './judge-exit.ts';

const end = (change: Partial<DaemonEnd>) =>
  judgeExit({ code: 1, stopping: false, what: 'in-use', starts: 0, crashes: 1, ...change });

describe('after a daemon has ended', () => {
  it.each([
    ['it was asked to', { stopping: true, what: 'trial' }, 'end'],
    ['shipped software ends in order', { what: 'shipped', code: 0 }, 'end'],
    ['shipped software crashes: a supervisor decides', { what: 'shipped' }, 'end'],
    ['shipped software wants an update', { what: 'shipped', code: 75 }, 'again'],
    ['installed software wants an update', { code: 75 }, 'again'],
    ['installed software ends in order', { code: 0 }, 'end'],
    ['installed software has to be started elsewhere in the network', { code: 76 }, 'end'],
    ['software on trial has to be started elsewhere in the network', { what: 'trial', starts: 3, code: 76 }, 'end'],
    ["installed software can't be started as asked", { code: 2 }, 'end'],
    ['installed software crashes once', {}, 'again'],
    ['installed software is killed', { code: null, crashes: 2 }, 'again'],
    ['installed software crashes again and again', { crashes: 3 }, 'fall-back'],
    ['software on trial crashes', { what: 'trial', starts: 1 }, 'again'],
    ['software on trial ends in order without having called home', { what: 'trial', starts: 2, code: 0 }, 'again'],
    ['software on trial wants another update', { what: 'trial', starts: 1, code: 75 }, 'again'],
    ['software on trial ends a third time', { what: 'trial', starts: 3 }, 'fall-back'],
  ] as const)('%s', (_title, change, expected) => {
    expect(end(change)).toBe(expected);
  });

  it('the two sides mean the same exit codes', () =>
    expect([updateExitCode, networkExitCode]).toEqual([restartForUpdate, restartForNetwork]));
});
