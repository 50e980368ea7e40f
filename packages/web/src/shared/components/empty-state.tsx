import { Stack, Text, Title } from '@mantine/core';

/** An empty place teaches: one sentence, one button, one example. */
export function EmptyState(props: {
  title: string;
  sentence: string;
  action?: React.ReactNode;
  example?: React.ReactNode;
}) {
  return (
    <Stack align="center" gap="xs" py={40} px="md" ta="center">
      <Title order={2}>{props.title}</Title>
      <Text size="sm" c="dimmed" maw="56ch">
        {props.sentence}
      </Text>
      {props.action}
      {props.example ? (
        <Text size="xs" c="dimmed">
          For example: {props.example}
        </Text>
      ) : null}
    </Stack>
  );
}
