import { describe, expect, it } from 'vitest';
import { type Candidate, waitingReason } from './waiting-reason.ts';

const one = (state: Candidate['state'], online = false): Candidate => ({
  name: 'is_anna',
  state,
  online,
  lastContact: '2026-11-21T05:00:00.000Z',
});

describe('waitingReason', () => {
  it.each([
    ['no appliance', [], false, 'No appliance serves the network Office'],
    ['only revoked ones', [one('revoked')], true, 'None of the chosen appliances is left'],
    ['a suspect one', [one('suspect')], false, 'two machines use its key'],
    ['a provisioned one', [one('provisioned')], false, 'not personalised yet'],
    ['an offline one', [one('active')], false, 'offline since 2026-11-21T05:00:00.000Z'],
    ['two offline ones', [one('active'), one('active')], false, 'All 2 appliances that could run it are offline'],
  ])('says why with %s', (_title, candidates, chosen, text) => {
    expect(waitingReason('Office', candidates, chosen)).toContain(text);
  });

  it('says nothing when an appliance is online', () => {
    expect(waitingReason('Office', [one('active', true), one('active')], false)).toBeNull();
  });
});
