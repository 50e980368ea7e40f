import { type BusinessUnit, businessUnit } from '@picket/contracts/api/people';
import { Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { fieldError } from '../../shared/api/api-error.ts';
import { useSend } from '../../shared/api/use-send.ts';
import { SendForm } from '../../shared/components/send-form.tsx';

/** Makes or changes a business unit. */
export function BusinessUnitForm({ before, onDone }: { before?: BusinessUnit; onDone: () => void }) {
  const [values, setValues] = useState({ name: before?.name ?? '', comments: before?.comments ?? '' });
  const set = (change: Partial<typeof values>) => setValues((old) => ({ ...old, ...change }));
  const send = useSend({
    schema: businessUnit,
    method: before ? 'PUT' : 'POST',
    path: before ? `/business-units/${before.id}` : '/business-units',
    body: () => values,
    stale: ['/business-units', '/accounts', '/asset-groups'],
  });
  return (
    <SendForm
      send={send}
      verb={before ? 'Save business unit' : 'Make business unit'}
      ready={values.name.trim() !== ''}
      onSubmit={() => send.mutate(undefined, { onSuccess: onDone })}
    >
      <TextInput
        label="Name"
        value={values.name}
        onChange={(event) => set({ name: event.currentTarget.value })}
        error={fieldError(send.error, 'name')}
        autoComplete="off"
        data-autofocus
      />
      <Textarea
        label="Comments"
        description="Optional"
        autosize
        minRows={2}
        value={values.comments}
        onChange={(event) => set({ comments: event.currentTarget.value })}
        error={fieldError(send.error, 'comments')}
      />
    </SendForm>
  );
}
