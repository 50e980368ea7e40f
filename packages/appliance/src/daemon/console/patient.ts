import { originOf } from '@picket/outbound/origin';
import type { ProbeTarget } from '../adapters/doctor-probes.ts';
import type { Patient } from '../doctor/examine.ts';
import type { ServiceView } from './console-service.ts';

/** Whom the network doctor looks at: the way to this appliance's platform with the settings in force. */
export function patientOf({ status, settings }: ServiceView, hasProxy: boolean, now: () => string): Patient {
  return {
    host: status === null ? null : originOf(status.platform).host,
    family: settings?.ipMode === 'ipv6-only' ? 6 : 4,
    hasProxy,
    attempt: status?.attempt ?? 'boot',
    now,
  };
}

/** The same, for the probes. */
export function probeTarget({ status, settings, devices, link }: ServiceView, hasProxy: boolean): ProbeTarget {
  return {
    origin: status?.platform ?? null,
    hasProxy,
    family: settings?.ipMode === 'ipv6-only' ? 6 : 4,
    link,
    devices,
  };
}
