import { userError } from '@picket/base/error';
import { type EnrolmentTarget, formatEnrolment, parseEnrolment } from '@picket/contracts/enrolment';
import type { StateDirectory } from './adapters/state-directory.ts';
import type { DaemonConfig } from './config.ts';

/** The platform to talk to: as stored, or as given now. An activated appliance moves only within the same authority. */
export async function settleEnrolment(config: DaemonConfig, state: StateDirectory): Promise<EnrolmentTarget> {
  const stored = await state.enrolment();
  const identity = await state.identity();
  if (config.enrolment === null) {
    if (stored) return stored;
    throw userError(
      'appliance.not-enrolled',
      'This appliance does not know its platform yet.',
      'Start it with --enrolment and the string that the platform shows under New > Scanner Appliance.',
    );
  }
  const parsed = parseEnrolment(config.enrolment);
  if (!parsed.ok) throw userError('appliance.enrolment-invalid', parsed.error);
  const given = parsed.value;
  if (stored && formatEnrolment(stored) === formatEnrolment(given)) return stored;
  // The platform has moved since: what the appliance was set up with is out of date.
  if (stored && identity && (await state.wasAt(given))) return stored;
  if (stored && identity && (stored.caSha256 === null || stored.caSha256 !== given.caSha256)) {
    throw userError(
      'appliance.enrolled-elsewhere',
      `The state directory ${config.stateDirectory} belongs to the platform ${stored.url}.`,
      'Use another directory with --state for another platform.',
    );
  }
  if (stored?.caSha256 !== given.caSha256) await state.dropCa();
  await state.saveEnrolment(given);
  return given;
}
