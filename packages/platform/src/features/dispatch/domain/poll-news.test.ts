import { describe, expect, it } from 'vitest';
import { pollNews } from './poll-news.ts';

const expiresAt = '2026-11-21T05:00:00.000Z';

describe('pollNews', () => {
  it.each([
    ['running', 'run', 'nothing'],
    ['paused', 'run', 'change'],
    ['ending', 'run', 'nothing'],
    ['running', 'pause', 'change'],
    ['paused', 'pause', 'nothing'],
    ['ending', 'pause', 'nothing'],
    ['running', 'stop', 'change'],
    ['paused', 'stop', 'change'],
    ['ending', 'stop', 'nothing'],
  ] as const)('a lease that is %s and should %s is %s', (state, desired, news) => {
    expect(pollNews(new Map([['a', state]]), { leases: [{ leaseId: 'a', desired, expiresAt }], granted: [] })).toBe(
      news,
    );
  });

  it('is a grant when there is work, and nothing without leases', () => {
    const granted = [{ payload: '', signature: '', keyId: '' }];
    expect(pollNews(new Map(), { leases: [], granted })).toBe('grant');
    expect(pollNews(new Map(), { leases: [], granted: [] })).toBe('nothing');
  });
});
