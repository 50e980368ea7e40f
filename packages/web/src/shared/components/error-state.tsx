import { Alert, Button, CopyButton, Group, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { problemOf } from '../api/api-error.ts';

/** What failed, why, and the next step, in place; the request id can be copied. */
export function ErrorState({ error, onRetry }: { error: unknown; onRetry?: (() => void) | undefined }) {
  const problem = problemOf(error);
  const others = (problem.errors ?? []).filter((entry) => entry.message !== problem.detail);
  return (
    <Alert
      role="alert"
      variant="outline"
      color="red"
      icon={<IconAlertTriangle size={18} />}
      title={problem.title}
      styles={{
        title: { color: 'var(--pk-bad)' },
        icon: { color: 'var(--pk-bad)' },
        root: { background: 'var(--pk-surface)' },
      }}
    >
      <Text size="sm">{problem.detail}</Text>
      {others.map((entry) => (
        <Text size="sm" key={`${entry.field}${entry.item ?? ''}${entry.message}`}>
          {entry.message}
        </Text>
      ))}
      {problem.hint ? (
        <Text size="sm" mt={4}>
          {problem.hint}
        </Text>
      ) : null}
      <Group gap="xs" mt="xs">
        {onRetry ? (
          <Button variant="default" onClick={onRetry}>
            Try again
          </Button>
        ) : null}
        {problem.requestId === '' ? null : <RequestId id={problem.requestId} />}
      </Group>
    </Alert>
  );
}

function RequestId({ id }: { id: string }) {
  return (
    <CopyButton value={id}>
      {({ copied, copy }) => (
        <Button variant="default" onClick={copy}>
          {copied ? 'Copied' : 'Copy request id'}&nbsp;<span className="pk-mono">{id.slice(0, 12)}</span>
        </Button>
      )}
    </CopyButton>
  );
}
