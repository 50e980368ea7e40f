import type { PlatformKeys } from './context.ts';

/** Origin under which browsers reach this platform: `publicUrl`, else the own one. Without a slash at the end. */
export function ownOrigin({ enrolment }: Pick<PlatformKeys, 'enrolment'>): string {
  return enrolment.split('#')[0] ?? '';
}
