import { Alert, Button, CopyButton, Group, Stack } from '@mantine/core';

/** Ten codes, shown once: to be kept where the phone is not. */
export function RecoveryCodes({ codes, onDone }: { codes: readonly string[]; onDone: () => void }) {
  return (
    <Stack gap="sm">
      <div>
        Keep these recovery codes apart from your phone. Each signs you in once, in place of a code of the app. They are
        not shown again.
      </div>
      <Alert variant="outline" color="gray">
        <ul aria-label="Recovery codes" className="pk-mono" style={{ columns: '20ch', margin: 0, paddingLeft: 20 }}>
          {codes.map((code) => (
            <li key={code}>{code}</li>
          ))}
        </ul>
      </Alert>
      <Group justify="flex-end" gap="xs">
        <CopyButton value={codes.join('\n')}>
          {({ copied, copy }) => (
            <Button variant="default" onClick={copy}>
              {copied ? 'Copied' : 'Copy codes'}
            </Button>
          )}
        </CopyButton>
        <Button onClick={onDone}>I have kept them</Button>
      </Group>
    </Stack>
  );
}
