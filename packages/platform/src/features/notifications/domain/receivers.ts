import { type NotificationKind, notificationKind } from '@picket/contracts/api/notification';
import type { Role } from '@picket/contracts/api/session';

/** What somebody of a role gets by mail until they choose: what keeps those who run the fleet from being blind. */
export function defaultKinds(role: Role): readonly NotificationKind[] {
  if (role !== 'manager' && role !== 'unit-manager') return [];
  return notificationKind.options.filter((kind) => kind !== 'scan.finished');
}
