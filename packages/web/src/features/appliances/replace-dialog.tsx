import { type Appliance, replacedAppliance } from '@picket/contracts/api/appliance';
import { Alert, Button, Group, Radio, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { fieldError } from '../../shared/api/api-error.ts';
import { useSend } from '../../shared/api/use-send.ts';
import { CodeBox } from '../../shared/appliances/code-box.tsx';
import { ErrorState } from '../../shared/components/error-state.tsx';
import { FormDialog } from '../../shared/components/form-dialog.tsx';
import { say } from '../../shared/components/undo-toast.tsx';

/** Another device takes the place of an appliance: by the code that it shows, or as a new instance of the image. */
export function ReplaceDialog({ appliance: one, onClose }: { appliance: Appliance; onClose: () => void }) {
  const [by, setBy] = useState<'code' | 'personalization'>(one.kind === 'virtual' ? 'personalization' : 'code');
  const [code, setCode] = useState('');
  const [typed, setTyped] = useState('');
  const send = useSend({
    schema: replacedAppliance,
    method: 'POST',
    path: `/appliances/${one.id}/replace`,
    body: () => (by === 'code' ? { by, code } : { by }),
    stale: ['/appliances', '/overview', '/session'],
  });
  const given = send.data?.personalization;
  const ready = typed.trim() === one.name && (by === 'personalization' || code.trim() !== '');
  return (
    <FormDialog title={`Replace ${one.name}`} size="lg" onClose={onClose}>
      {given ? (
        <Stack gap="sm">
          <Text size="sm">
            Give this code to the new instance. It is shown now and never again, and works until{' '}
            {new Date(given.expiresAt).toLocaleString()}.
          </Text>
          <CodeBox label="Personalization code" code={given.code} />
          <CodeBox label="Enrolment string" code={given.enrolment} />
          <Group justify="flex-end">
            <Button onClick={onClose}>I have copied it</Button>
          </Group>
        </Stack>
      ) : (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (!ready) return;
            send.mutate(undefined, {
              onSuccess: (answer) => {
                if (answer.personalization) return;
                say(`${one.name} is another device now. It logs in by itself within minutes.`);
                onClose();
              },
            });
          }}
        >
          <Stack gap="sm">
            <Alert variant="default" title="The old device is out at once">
              Its key is refused from then on, and results that it has not uploaded are lost. Name, settings, networks,
              VLANs and history stay with the new one.
            </Alert>
            <Radio.Group
              label="The new one is"
              value={by}
              onChange={(next) => setBy(next === 'code' ? 'code' : 'personalization')}
            >
              <Stack gap={4} mt={4}>
                <Radio value="code" label="a device that shows an activation code" />
                <Radio value="personalization" label="a new instance of the image, with a new 14-digit code" />
              </Stack>
            </Radio.Group>
            {by === 'code' ? (
              <TextInput
                label="Activation code"
                value={code}
                onChange={(event) => setCode(event.currentTarget.value)}
                error={fieldError(send.error, 'code')}
                autoComplete="off"
                inputMode="numeric"
              />
            ) : null}
            <TextInput
              label={`Type ${one.name} to confirm`}
              value={typed}
              onChange={(event) => setTyped(event.currentTarget.value)}
              autoComplete="off"
            />
            {send.error ? <ErrorState error={send.error} /> : null}
            <Group justify="flex-end" gap="xs">
              <Button variant="default" onClick={onClose}>
                Keep the old one
              </Button>
              <Button type="submit" color="red.9" disabled={!ready} loading={send.isPending}>
                Replace appliance
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </FormDialog>
  );
}
