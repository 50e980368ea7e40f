import type { Asset } from '@picket/contracts/api/inventory';
import { type Tag, tag } from '@picket/contracts/api/tag';
import { Button, Group, NativeSelect, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useSend } from '../../shared/api/use-send.ts';
import { useMay } from '../../shared/api/use-session.ts';
import { DialogButton } from '../../shared/components/dialog-button.tsx';
import { ErrorState } from '../../shared/components/error-state.tsx';
import { FormDialog } from '../../shared/components/form-dialog.tsx';
import { plural } from '../../shared/format/number.ts';

/** Gives a tag to the picked assets, or takes it away. Tags by rule are not given by hand. */
export function TagPicked({ assets, tags }: { assets: readonly Asset[]; tags: readonly Tag[] }) {
  const may = useMay();
  const byHand = tags.filter((one) => one.kind === 'manual');
  if (!may.scan || byHand.length === 0) return null;
  return (
    <DialogButton label="Tag">{(close) => <TagDialog assets={assets} tags={byHand} onClose={close} />}</DialogButton>
  );
}

function TagDialog(props: { assets: readonly Asset[]; tags: readonly Tag[]; onClose: () => void }) {
  const { assets, tags, onClose } = props;
  const [id, setId] = useState(tags[0]?.id ?? 0);
  const send = useSend({
    schema: tag,
    method: 'POST',
    path: `/tags/${id}/assets`,
    body: (change: 'add' | 'remove') => ({ [change]: assets.map((one) => one.id) }),
    stale: ['/assets'],
  });
  const change = (what: 'add' | 'remove') => send.mutate(what, { onSuccess: onClose });
  return (
    <FormDialog title={`Tag ${plural(assets.length, 'asset')}`} onClose={onClose}>
      <Stack gap="sm">
        <NativeSelect
          label="Tag"
          value={String(id)}
          onChange={(event) => setId(Number(event.currentTarget.value))}
          data={tags.map((one) => ({ value: String(one.id), label: one.name }))}
          data-autofocus
        />
        {assets.length > 1000 ? <Text size="sm">Pick at most 1,000 assets at once.</Text> : null}
        {send.error ? <ErrorState error={send.error} /> : null}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" disabled={assets.length > 1000} onClick={() => change('remove')}>
            Take it away
          </Button>
          <Button disabled={assets.length > 1000} loading={send.isPending} onClick={() => change('add')}>
            Give it
          </Button>
        </Group>
      </Stack>
    </FormDialog>
  );
}
