import { describe, expect, it } from 'vitest';
import type { SentProbes } from '../../../jobs/domain/sent-probes.ts';
import { sentText } from './sent-text.ts';

const raw: SentProbes = {
  begun: 1,
  told: 1,
  sent: [
    { kind: 'arp', sent: 508 },
    { kind: 'tcp-syn', sent: 24, ports: '22,80,443' },
    { kind: 'tcp-ack', sent: 12, ports: '80' },
  ],
  unsent: [{ reason: 'scope-denied', addresses: 1 }],
};

describe('what was sent for a block, in sentences', () => {
  it('names kinds, ports and numbers, and what was left out', () => {
    expect(sentText('done', raw)).toEqual([
      'Sent for the whole block:',
      'ARP requests: 508.',
      'TCP SYN to ports 22, 80, 443: 24.',
      'TCP ACK to port 80: 12.',
      "Nothing sent to 1 address: the appliance's own allow-list forbids them.",
    ]);
  });

  it('says that nothing was sent, and why', () => {
    const assumed = { ...raw, sent: [], unsent: [{ reason: 'assumed', addresses: 256 }] };
    expect(sentText('done', assumed)).toEqual([
      'Nothing was sent to find hosts in the block.',
      'Nothing sent to 256 addresses: taken as there without asking.',
    ]);
  });

  it('shows a kind and a reason of a later version as they came', () => {
    const later = { ...raw, sent: [{ kind: 'sctp-init', sent: 3 }], unsent: [{ reason: 'moon', detail: 'full' }] };
    expect(sentText('done', later).slice(1)).toEqual([
      'sctp-init: 3.',
      'The block was not asked to the end: moon (full).',
    ]);
  });

  it.each([
    ['done', null, 'What was sent is not told by this version of the appliance.'],
    ['pending', null, 'No appliance has told anything of the block.'],
    ['cancelled', null, 'No appliance has told anything of the block.'],
    ['not-evaluable', { begun: 0, told: 0 }, 'No appliance has said that it began the block.'],
    ['done', { begun: 1, told: 0 }, 'What was sent is not told by this version of the appliance.'],
    ['running', { begun: 1, told: 0 }, 'The block is under way; what is sent is told when it is through.'],
    [
      'pending',
      { begun: 1, told: 0 },
      'The block was begun, and what was sent is not told: the appliance was lost, or its version does not count it.',
    ],
  ] as const)('claims nothing that nobody told: %s %o', (state, runs, text) => {
    expect(sentText(state, runs && { ...runs, sent: [], unsent: [] })).toEqual([text]);
  });

  it('sums runs, and says which of them did not tell', () => {
    const runs = { ...raw, begun: 4, told: 2 };
    const lost = 'did not tell what was sent: the appliance was lost, or its version does not count it.';
    expect(sentText('done', runs).at(0)).toBe('Sent for the whole block in 2 runs:');
    expect(sentText('done', runs).at(-1)).toBe(`2 more runs ${lost}`);
    expect(sentText('running', runs).at(-1)).toBe(`One more run is under way. One more run ${lost}`);
    expect(sentText('running', { ...runs, begun: 3 }).at(-1)).toBe('One more run is under way.');
  });
});
