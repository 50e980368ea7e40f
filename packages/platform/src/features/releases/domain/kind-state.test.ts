import type { KindReport } from '@picket/contracts/updates';
import { describe, expect, it } from 'vitest';
import { kindState } from './kind-state.ts';

const sha256 = 'a'.repeat(64);
const wanted = { version: '0.2.0', sha256 };
const report = (change: Partial<KindReport>): KindReport => ({ inUse: '0.1.0', state: 'idle', ...change });

describe('where a kind stands', () => {
  it.each([
    ['nothing is published', report({}), null, 'none'],
    ['it has what it should have', report({ inUse: '0.2.0' }), wanted, 'up-to-date'],
    ['it does not know yet', report({}), wanted, 'due'],
    ['it is at work', report({ state: 'downloading', sha256, percent: 40 }), wanted, 'downloading'],
    ['it waits for a slice', report({ state: 'waiting', sha256 }), wanted, 'waiting'],
    [
      'the new one calls home but is not settled',
      report({ inUse: '0.2.0', state: 'confirming', sha256 }),
      wanted,
      'confirming',
    ],
    ['it fell back', report({ state: 'fell-back', sha256, code: 'updates.no-call' }), wanted, 'fell-back'],
    ['another one failed', report({ state: 'failed', sha256: 'b'.repeat(64) }), wanted, 'due'],
  ] as const)('%s', (_title, said, should, state) => {
    expect(kindState(said, should).state).toBe(state);
  });

  it('gives a way out of a failure, also of one that it does not know', () => {
    expect(kindState(report({ state: 'fell-back', sha256, code: 'updates.no-call' }), wanted).hint).toContain(
      'newer version',
    );
    expect(kindState(report({ state: 'failed', sha256, code: 'updates.unheard-of' }), wanted).hint).toContain('log');
  });
});
