import { type EnrolmentTarget, formatEnrolment, parseEnrolment } from '@picket/contracts/enrolment';

/** What an appliance is told of the place to go to: nothing when there is none, when it is there, or when it can't be moved. */
export function moveOf(to: string | null, reported: string | undefined): { readonly enrolment?: string } {
  if (to === null || reported === undefined) return {};
  const [target, current] = [parseEnrolment(to), parseEnrolment(reported)];
  if (!target.ok || (current.ok && isSame(target.value, current.value))) return {};
  return { enrolment: formatEnrolment(target.value) };
}

function isSame(one: EnrolmentTarget, other: EnrolmentTarget): boolean {
  return new URL(one.url).origin === new URL(other.url).origin && one.caSha256 === other.caSha256;
}
