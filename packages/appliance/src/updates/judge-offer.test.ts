import type { WantedBundle } from '@picket/contracts/updates';
import { describe, expect, it } from 'vitest';
import { judgeOffer } from './judge-offer.ts';

const offer = (change: Partial<WantedBundle> = {}): WantedBundle => ({
  kind: 'software',
  version: '0.2.0',
  sha256: 'a'.repeat(64),
  bytes: 10,
  now: 0,
  rollback: false,
  ...change,
});
const bad = { version: '0.2.0', sha256: 'a'.repeat(64), now: 1, outcome: 'failed', code: 'x', detail: '' } as const;
const judge = (change: Partial<WantedBundle>, rest: Partial<Parameters<typeof judgeOffer>[0]> = {}) =>
  judgeOffer({ offer: offer(change), inUse: '0.1.0', bad: [], launched: true, ...rest });

describe('an offer', () => {
  it('is taken when it is newer', () => expect(judge({}).kind).toBe('take'));
  it('is nothing to do when it is in use', () => expect(judge({ version: '0.1.0' }).kind).toBe('in-use'));
  it('is refused when it is older, unless a Manager wants to go back', () => {
    expect(judge({ version: '0.0.9' })).toMatchObject({ kind: 'refuse', code: 'updates.older' });
    expect(judge({ version: '0.0.9', rollback: true }).kind).toBe('take');
  });
  it('is taken over a version that is none', () => {
    expect(judge({ kind: 'content', version: '20261129.1' }, { inUse: 'none' }).kind).toBe('take');
  });
  it('is not tried again when it failed, until somebody asks', () => {
    expect(judge({ now: 1 }, { bad: [bad] }).kind).toBe('known-bad');
    expect(judge({ now: 2 }, { bad: [bad] }).kind).toBe('take');
    expect(judge({ sha256: 'b'.repeat(64) }, { bad: [bad] }).kind).toBe('take');
  });
  it('of software needs a launcher, of content none', () => {
    expect(judge({}, { launched: false })).toMatchObject({ kind: 'refuse', code: 'updates.no-launcher' });
    expect(judge({ kind: 'content', version: '20261129.1' }, { launched: false, inUse: 'none' }).kind).toBe('take');
  });
});
