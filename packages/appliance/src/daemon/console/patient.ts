import { originOf } from '@picket/outbound/origin';
import type { ProbeTarget } from '../adapters/doctor-probes.ts';
import type { Patient } from '../doctor/examine.ts';
import type { ServiceView } from './console-service.ts';

/** Whom the network doctor looks at: the way to this appliance's platform with the settings in force. */
export function patientOf({ status, settings }: ServiceView, hasProxy: boolean): Patient {
  return {
    host: status === null ? null : originOf(status.platform).host,
    family: settings?.ipMode === 'ipv6-only' ? 6 : 4,
    hasProxy,
    attempt: status?.attempt ?? 'boot',
  };
}

/** The same, for the probes. */
export function probeTarget({ status, settings, devices, ca }: ServiceView, hasProxy: boolean): ProbeTarget {
  return {
    platform: status === null ? null : originOf(status.platform),
    hasProxy,
    family: settings?.ipMode === 'ipv6-only' ? 6 : 4,
    ca,
    devices,
  };
}
