import { originOf } from '@picket/outbound/origin';
import type { ProbeTarget } from '../adapters/doctor-probes.ts';
import type { Patient } from '../doctor/examine.ts';
import type { ServiceView } from './console-service.ts';

/** Whom the network doctor looks at: the way to this appliance's platform with the settings in force. */
export function patientOf({ status, settings }: ServiceView): Patient {
  return {
    host: status === null ? null : originOf(status.platform).host,
    family: settings?.ipMode === 'ipv6-only' ? 6 : 4,
    hasProxy: Boolean(settings?.proxy),
    attempt: status?.attempt ?? 'boot',
  };
}

/** The same, for the probes. */
export function probeTarget({ status, settings, devices, ca }: ServiceView): ProbeTarget {
  const proxy = settings?.proxy ?? null;
  return {
    platform: status === null ? null : originOf(status.platform),
    proxy: proxy === null ? null : { host: proxy.host, port: proxy.port },
    family: settings?.ipMode === 'ipv6-only' ? 6 : 4,
    ca,
    devices,
  };
}
