import { notEvaluableReason } from '@picket/contracts/event';
import { describe, expect, it } from 'vitest';
import { type AccountFacts, accountOutcome } from './account-outcome.ts';
import type { ScopeLine } from './scope-lines.ts';

const plain: AccountFacts = {
  seen: true,
  inPlan: true,
  lines: [],
  registered: true,
  networkName: 'Office',
  familyOff: false,
  wide: false,
  scanReason: null,
  host: null,
  slice: { attempt: 1, givenBack: 0, claimedBy: [], state: 'done' },
  discovery: { state: 'done', reason: null, detail: null, denied: 0 },
  ports: null,
};
const discovery = (change: Partial<NonNullable<AccountFacts['discovery']>>) => ({
  discovery: { state: 'done' as const, reason: null, detail: null, denied: 0, ...change },
});
const line = (source: ScopeLine['source'], effect: ScopeLine['effect'], text: string): ScopeLine => ({
  source,
  effect,
  text,
  line: null,
});
const waits = { state: 'pending' as const, reason: null, detail: null, denied: 0 };

const rows: readonly (readonly [string, Partial<AccountFacts>, string, string])[] = [
  ['another unit', { seen: false, inPlan: false }, 'not-seen', 'not in your asset groups'],
  ['no target', { inPlan: false }, 'not-asked-for', 'No target of this scan holds the address'],
  [
    'not registered',
    { inPlan: false, registered: false },
    'not-asked-for',
    'Office does not have the address registered',
  ],
  [
    'a group that holds it, not registered',
    { inPlan: false, registered: false, lines: [line('asset-group', 'includes', 'Servers')] },
    'not-asked-for',
    'so Servers did not bring it in',
  ],
  [
    'a group that got it later',
    { inPlan: false, lines: [line('asset-group', 'includes', 'Servers')] },
    'not-asked-for',
    'when the scan was launched it did not',
  ],
  ['IPv6 switched off', { inPlan: false, familyOff: true }, 'not-asked-for', 'IPv6, which is switched off'],
  [
    'exclusion of the scan',
    { inPlan: false, lines: [line('targets', 'includes', '10.0.0.0/24'), line('exclude', 'excludes', '10.0.0.7')] },
    'excluded',
    'exclusions of this scan take it out: 10.0.0.7.',
  ],
  [
    'exclusion of the network',
    { inPlan: false, lines: [line('network-exclusion', 'excludes', '10.0.0.7')] },
    'excluded',
    'exclusion of the network takes it out: 10.0.0.7.',
  ],
  [
    'exclusion of the subscription, while it ran',
    { slice: null, discovery: null, lines: [line('subscription-exclusion', 'excludes', '10.0.0.7')] },
    'excluded',
    'taken out after the launch',
  ],
  [
    'an answer before it was excluded',
    {
      slice: null,
      discovery: null,
      lines: [line('group-exclusion', 'excludes', '10.0.0.7')],
      host: { state: 'up', reason: 'syn-ack' },
    },
    'found',
    'syn-ack. An exclusion of an asset group takes it out: 10.0.0.7. It was taken out after the launch.',
  ],
  [
    'assumed, and excluded while its ports were asked',
    {
      slice: null,
      discovery: null,
      lines: [line('subscription-exclusion', 'excludes', '10.0.0.7')],
      host: { state: 'up', reason: 'assumed' },
    },
    'excluded',
    'taken out after the launch',
  ],
  [
    'exclusion that is gone',
    { inPlan: false, lines: [line('earlier-exclusion', 'excludes', '')] },
    'excluded',
    'held when the scan was launched took it out.',
  ],
  ['an answer', { host: { state: 'up', reason: 'syn-ack', port: 443 } }, 'found', 'syn-ack on port 443'],
  ['silent by fact', { host: { state: 'silent', reason: 'no-answer' } }, 'silent', 'no answer to any probe'],
  ['silent in a block that is done', {}, 'silent', 'this one gave no answer'],
  [
    'assumed, ports open',
    { host: { state: 'up', reason: 'assumed' }, ports: 'running' },
    'running',
    'without being asked',
  ],
  [
    'assumed, ports failed',
    { host: { state: 'up', reason: 'assumed' }, ports: 'not-evaluable' },
    'not-known',
    'did not show',
  ],
  ['a wide range', { wide: true }, 'not-known', 'too wide'],
  ['a forbidden part', discovery({ denied: 3 }), 'not-known', 'forbids 3 addresses'],
  [
    'no route',
    discovery({ state: 'not-evaluable', reason: 'local-limit', detail: '256 addresses were not asked: no route' }),
    'not-known',
    '256 addresses were not asked: no route',
  ],
  ['canceled', discovery({ state: 'cancelled', reason: 'cancelled' }), 'not-tested', 'canceled'],
  ['in work', discovery({ state: 'running' }), 'running', 'right now'],
  ['leased', discovery({ state: 'leased' }), 'running', 'has not come to its block'],
  [
    'its turn',
    { discovery: waits, slice: { attempt: 0, givenBack: 0, claimedBy: [], state: 'pending' } },
    'waiting',
    'its turn',
  ],
  [
    'left to one with a VLAN there',
    { discovery: waits, slice: { attempt: 0, givenBack: 0, claimedBy: ['vlanbox'], state: 'pending' } },
    'waiting',
    'left to vlanbox',
  ],
  [
    'window ended',
    { discovery: waits, slice: { attempt: 2, givenBack: 2, claimedBy: [], state: 'pending' } },
    'waiting',
    'window ended',
  ],
  [
    'appliance lost',
    { discovery: waits, slice: { attempt: 2, givenBack: 1, claimedBy: [], state: 'pending' } },
    'waiting',
    'stopped reporting',
  ],
  [
    'nobody there',
    {
      discovery: waits,
      slice: { attempt: 0, givenBack: 0, claimedBy: [], state: 'pending' },
      scanReason: 'No appliance is online.',
    },
    'waiting',
    'No appliance is online.',
  ],
  ['nothing in the ledger', { discovery: null, slice: null }, 'not-known', 'no discovery of it'],
];

describe('accountOutcome', () => {
  it.each(rows)('%s', (_, change, outcome, because) => {
    const said = accountOutcome({ ...plain, ...change });
    expect(said.outcome).toBe(outcome);
    expect(said.because).toContain(because);
    if (outcome !== 'found' && outcome !== 'running' && outcome !== 'waiting') expect(said.remedy).not.toBeNull();
  });

  it.each(notEvaluableReason.options)('never calls a host silent whose block could not be evaluated: %s', (reason) => {
    const said = accountOutcome({ ...plain, ...discovery({ state: 'not-evaluable', reason, detail: 'told so' }) });
    expect(['not-tested', 'not-known']).toContain(said.outcome);
    expect(said.because).toContain('told so');
    expect(said.remedy).not.toBeNull();
  });
});
