import type { KindReport, WantedBundle } from '@picket/contracts/updates';
import { describe, expect, it } from 'vitest';
import { isNews } from './updates.ts';

const sha256 = 'a'.repeat(64);
const offer: WantedBundle = { kind: 'content', version: '20261129.1', sha256, bytes: 1, now: 2, rollback: false };
const told = (content: Partial<KindReport>) =>
  isNews([offer], {
    refuses: null,
    content: { inUse: '20260101.1', state: 'idle', ...content },
    software: { inUse: '0.1.0', state: 'idle' },
  });

describe('an offer ends the wait of a held poll', () => {
  it.each([
    ['when the appliance knows nothing of it', {}, true],
    ['not when it has seen it', { sha256, now: 2 }, false],
    ['when somebody asked again since', { sha256, now: 1, state: 'failed' }, true],
    ['not when it failed and nobody asked', { sha256, now: 2, state: 'failed' }, false],
    ['when it downloads another one', { sha256: 'b'.repeat(64), state: 'downloading' }, true],
    ['not while it tries another one, which it does not stop', { sha256: 'b'.repeat(64), state: 'confirming' }, false],
    ['not while it verifies another one', { sha256: 'b'.repeat(64), state: 'verifying' }, false],
  ] as const)('%s', (_title, content, news) => expect(told(content)).toBe(news));

  it('never for software from before there were updates', () => expect(isNews([offer], undefined)).toBe(false));
});
