import { emptyResume } from '@picket/contracts/resume';
import { describe, expect, it } from 'vitest';
import { AckWindow } from './ack-window.ts';
import { mergeResume } from './merge-resume.ts';

describe('AckWindow', () => {
  it('lets so many through and the next one only after an acknowledgement', async () => {
    const window = new AckWindow(2);
    await window.take();
    await window.take();
    let through = false;
    const third = window.take().then(() => (through = true));
    await Promise.resolve();
    expect(through).toBe(false);
    window.acknowledge(1);
    await third;
    expect(through).toBe(true);
  });
});

describe('mergeResume', () => {
  it('joins what both know, and the later word on a port wins', () => {
    const unit = { phase: 'ports' as const, subject: '10.0.0.1' };
    const port = {
      type: 'port' as const,
      unit,
      time: '2026-11-21T05:00:00.000Z',
      address: '10.0.0.1',
      protocol: 'tcp' as const,
      port: 22,
      reason: '',
    };
    const earlier = { ...emptyResume, ended: [unit], ports: [{ ...port, state: 'closed' as const }] };
    const later = {
      ...emptyResume,
      ended: [unit, { ...unit, subject: '10.0.0.2' }],
      ports: [{ ...port, state: 'open' as const }],
    };
    expect(mergeResume(earlier, later)).toMatchObject({
      ended: [{ subject: '10.0.0.1' }, { subject: '10.0.0.2' }],
      ports: [{ state: 'open' }],
    });
  });

  it('adds up what is done of the checks of a host, under one plan', () => {
    const done = (plan: string, indexes: string, parts: number, port = 80) => ({
      address: '10.0.0.1',
      protocol: 'tcp' as const,
      port,
      plan,
      done: indexes,
      parts,
    });
    const merged = mergeResume(
      { ...emptyResume, checks: [done('a', '0-4', 7), done('a', '1', 1, 81), done('b', '9', 2, 82)] },
      { ...emptyResume, checks: [done('a', '5,9', 8), done('c', '3', 1, 81)] },
    );
    expect(merged.checks).toEqual([done('a', '0-5,9', 8), done('c', '3', 1, 81), done('b', '9', 2, 82)]);
  });
});
