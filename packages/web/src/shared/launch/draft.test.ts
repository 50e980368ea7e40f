import { scanOptions } from '@picket/contracts/api/option-profile';
import { describe, expect, it } from 'vitest';
import { changedDraft, newDraft, optionsOf, withProfile } from './draft.ts';

const printers = { id: 101, options: scanOptions.parse({ ports: '9100', rate: 50, checks: false }) };

describe('the options of a draft', () => {
  it('are those of a profile as long as none of them is changed', () => {
    const draft = withProfile(newDraft({ targets: '10.0.0.1' }), printers);
    expect(optionsOf(draft)).toEqual(printers.options);
    expect(changedDraft(draft, { targets: '10.0.0.2', networkId: 1 }).optionProfileId).toBe(101);
    expect(changedDraft(draft, { ports: '9100' }).optionProfileId).toBe(101);
    const own = changedDraft(draft, { profile: 'fast' });
    expect(own).toMatchObject({ profile: 'fast', ports: '9100', rate: 50 });
    expect('optionProfileId' in own).toBe(false);
  });

  it('leave nothing of a profile behind that was chosen before', () => {
    const draft = withProfile(withProfile(newDraft(), printers), { id: 2, options: scanOptions.parse({}) });
    expect(optionsOf(draft)).toEqual(scanOptions.parse({}));
    expect(draft.optionProfileId).toBe(2);
  });
});
