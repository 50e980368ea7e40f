import type { DoctorReport } from '@picket/contracts/doctor';
import type { ConsoleStatus } from '../../local/console-status.ts';
import type { ApplianceStatus } from '../../local/status.ts';
import { type NetworkError, networkError } from '../../console/errors/network-error.ts';
import { failureCause } from '../network/failure-cause.ts';
import type { NetworkView } from '../network/network-view.ts';

export interface StatusParts {
  /** Null: no platform is known, so no daemon could start. */
  readonly status: ApplianceStatus | null;
  readonly view: NetworkView;
  readonly kind: ConsoleStatus['kind'];
  readonly softwareVersion: string;
  readonly family: 4 | 6;
  readonly doctor: DoctorReport | null;
}

/** What a console is told. */
export function statusForConsole({ status, view, kind, softwareVersion, family, doctor }: StatusParts): ConsoleStatus {
  return {
    state: status?.state ?? 'no-platform',
    attempt: status?.attempt ?? 'boot',
    checkingFiles: status?.checkingFiles ?? false,
    error: status === null ? null : errorOf(status, view, family),
    kind,
    name: status?.name ?? null,
    platform: status?.platform ?? null,
    activationCode: status?.activationCode ?? null,
    lastContact: status?.lastContact ?? null,
    softwareVersion,
    polling: status?.polling ?? 'long',
    scans: (status?.leases ?? []).slice(0, 64).map(({ kind: of, scanId, state }) => ({ kind: of, scanId, state })),
    updating: status?.updating ?? false,
    waitingBytes: status?.spool.bytes ?? 0,
    trouble: (status?.trouble ?? []).slice(0, 16).map(({ message }) => message.slice(0, 512)),
    ports: [...view.ports],
    dns: view.dns.slice(0, 8),
    doctor,
  };
}

/** Why a working appliance is out of touch, in the words of `NETWORK ERR` but without a code: that names an attempt after a change. */
export function failureError({ failure }: ApplianceStatus, view: NetworkView, family: 4 | 6): NetworkError | null {
  return failure === null ? null : { ...networkError('in-force', failureCause(failure, view, family)), code: '' };
}

function errorOf(
  { failure, attempt, state }: ApplianceStatus,
  view: NetworkView,
  family: 4 | 6,
): ConsoleStatus['error'] {
  if (failure === null) return null;
  const texts = { message: failure.message.slice(0, 512), hint: failure.hint.slice(0, 512) };
  if (state !== 'network-error') return { code: '', description: '', eCode: '', ...texts };
  return { ...networkError(attempt, failureCause(failure, view, family)), ...texts };
}
