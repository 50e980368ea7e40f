import { describe, expect, it } from 'vitest';
import type { EngineEvent } from '@picket/contracts/event';
import { addEvent, emptyResult } from './scan-result.ts';
import { summary } from './summary.ts';

const address = '10.0.0.1';
const at = { unit: { phase: 'checks' as const, subject: address }, time: '2026-11-29T00:00:00.000Z' };
const checked = (passed: string[], refused: readonly (readonly [string, string])[]): EngineEvent => ({
  type: 'checked',
  ...at,
  address,
  contentVersion: '1',
  passed,
  notEvaluable: refused.map(([check, detail]) => ({ check, reason: 'check-not-allowed', detail })),
});
const ended: EngineEvent = { type: 'unit', ...at, state: 'done' };

function textOf(events: readonly EngineEvent[], outcome: 'complete' | 'stopped' = 'complete'): string {
  const result = emptyResult();
  for (const event of events) addEvent(result, event);
  return summary(result, { outcome }, 1000, { installedChecks: 100 });
}

describe('what a scan left out', () => {
  it('is grouped by reason, the most frequent first', () => {
    const logins = Array.from({ length: 40 }, (_, index) => [`login-${index}`, 'tries credentials'] as const);
    const others = Array.from({ length: 12 }, (_, index) => [`other-${index}`, `uses METHOD${index}`] as const);
    const text = textOf([
      checked([], [...others, ...logins, ['put', 'uses PUT']]),
      checked([], [['put', 'uses PUT']]),
      ended,
    ]);
    const lines = text.split('\n');
    const start = lines.findIndex((line) => line.startsWith('Checks not run'));
    expect(lines[start]).toBe('Checks not run, for they are not safe for their target (--intrusive runs them): 53');
    expect(lines[start + 1]).toMatch(/^ {2}40 +tries credentials +such as login-0$/);
    expect(lines[start + 2]).toMatch(/^ {2}1 +uses METHOD0 +other-0$/);
    expect(lines[start + 11]).toBe('  and 4 for other reasons; --json shows all');
  });

  it('is counted in one line where nothing was found that checks are for', () => {
    expect(textOf([checked(['a', 'b'], [['c', 'uses PUT']]), checked(['b'], []), ended])).toContain(
      'Checks without anything to run on here: 97 of 100.',
    );
    expect(textOf([checked(['a'], [])])).not.toContain('without anything to run on');
    expect(textOf([checked(['a'], []), ended], 'stopped')).not.toContain('without anything to run on');
  });
});
