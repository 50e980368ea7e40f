import { type NotificationKind, notificationKind } from '@picket/contracts/api/notification';
import { Checkbox, Stack } from '@mantine/core';

const words: Readonly<Record<NotificationKind, string>> = {
  'appliance.offline': 'An appliance is offline',
  'appliance.back': 'An appliance is back',
  'appliance.suspect': 'Two machines use the key of one appliance',
  'scan.finished': 'A scan or map finished complete',
  'scan.incomplete': 'A scan or map ended incomplete',
  'scan.error': 'A scan or map failed',
  'schedule.missed': 'A scheduled run was missed',
  'detection.critical': 'New critical detections, gathered for five minutes',
  'update.failed': 'An update failed on an appliance',
};

/** A kind of notification in words. */
export function kindWords(kind: NotificationKind): string {
  return words[kind];
}

/** Which notifications, ticked one by one. */
export function KindChoice(props: {
  readonly label: string;
  readonly value: readonly NotificationKind[];
  readonly onChange: (next: NotificationKind[]) => void;
}) {
  return (
    <Checkbox.Group
      label={props.label}
      value={[...props.value]}
      onChange={(next) => props.onChange(notificationKind.options.filter((kind) => next.includes(kind)))}
    >
      <Stack gap={6} mt={6}>
        {notificationKind.options.map((kind) => (
          <Checkbox key={kind} value={kind} label={words[kind]} />
        ))}
      </Stack>
    </Checkbox.Group>
  );
}
