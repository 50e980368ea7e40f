import { optionProfile } from '@picket/contracts/api/option-profile';
import { NativeSelect } from '@mantine/core';
import { useEffect } from 'react';
import { fieldError } from '../api/api-error.ts';
import { useList } from '../api/use-list.ts';
import { type Draft, optionsOf, withProfile } from './draft.ts';

interface Props {
  readonly draft: Draft;
  readonly onDraft: (change: (old: Draft) => Draft) => void;
  readonly error: unknown;
}

/** Options by a saved profile; what is changed afterwards is one's own. A schedule shows the profile as it is now. */
export function OptionProfileChoice({ draft, onDraft, error }: Props) {
  const list = useList(optionProfile, '/option-profiles', {}, { limit: 500 });
  const chosen = list.items.find((one) => one.id === draft.optionProfileId);
  const stale =
    chosen !== undefined &&
    JSON.stringify(optionsOf(draft)) !== JSON.stringify(optionsOf({ ...draft, ...chosen.options }));
  useEffect(() => {
    if (stale && chosen) onDraft((old) => withProfile(old, chosen));
  }, [stale, chosen, onDraft]);
  const choose = (text: string) => {
    const found = list.items.find((one) => String(one.id) === text);
    onDraft((old) => {
      if (found) return withProfile(old, found);
      const { optionProfileId: _left, ...own } = old;
      return own;
    });
  };
  return (
    <NativeSelect
      label="Options"
      value={String(draft.optionProfileId ?? '')}
      onChange={(event) => choose(event.currentTarget.value)}
      data={[
        { value: '', label: 'As chosen below' },
        ...list.items.map((one) => ({
          value: String(one.id),
          label: one.builtIn ? `${one.name} (built in)` : one.name,
        })),
      ]}
      error={fieldError(error, 'optionProfileId')}
    />
  );
}
