import { release } from '@picket/contracts/api/release';
import { Checkbox, FileInput, Text } from '@mantine/core';
import { useState } from 'react';
import { useSend } from '../../shared/api/use-send.ts';
import { SendForm } from '../../shared/components/send-form.tsx';

/** Takes a bundle from this computer. Appliances judge its signature, the platform only whether it is whole. */
export function PublishForm({ onDone }: { onDone: () => void }) {
  const [file, setFile] = useState<File | null>(null);
  const [rollback, setRollback] = useState(false);
  const send = useSend({
    schema: release,
    method: 'POST',
    path: `/releases${rollback ? '?rollback=true' : ''}`,
    body: () => file,
    stale: ['/releases', '/appliances'],
  });
  return (
    <SendForm
      send={send}
      verb="Publish"
      ready={file !== null}
      onSubmit={() => send.mutate(undefined, { onSuccess: onDone })}
    >
      <Text size="sm">
        A bundle is made and signed with “picket release make”. Each appliance installs it at its own time of day, or
        when somebody presses “Update now”, if it trusts the key.
      </Text>
      <FileInput label="Bundle" placeholder="content.bundle" value={file} onChange={setFile} data-autofocus />
      <Checkbox
        label="Appliances may go back to this older version"
        checked={rollback}
        onChange={(event) => setRollback(event.currentTarget.checked)}
      />
    </SendForm>
  );
}
