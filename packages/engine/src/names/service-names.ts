import { ownValue } from '@picket/base/own-value';
import type { HostName, ServiceEvent } from '../run/stages.ts';

type Told = Pick<ServiceEvent, 'service' | 'hostname' | 'tls'>;

/** Sources of the host names that services give away; a plain banner is the source of all others. */
const sourceOf: Readonly<Record<string, HostName['source']>> = {
  'microsoft-ds': 'smb',
  'netbios-ssn': 'smb',
  'netbios-ns': 'netbios',
  snmp: 'snmp',
  mdns: 'mdns',
  llmnr: 'llmnr',
};

/** Names that identified services tell of their host: certificates, protocols that state a name, banners. */
export function serviceNames(services: readonly Told[]): HostName[] {
  return services.flatMap(({ service, hostname, tls }) => {
    const spoken: HostName[] = hostname ? [{ name: hostname, source: ownValue(sourceOf, service) ?? 'banner' }] : [];
    const certified = (tls?.certificate?.names ?? []).map(
      (name): HostName => ({ name: name.toLowerCase(), source: 'certificate' }),
    );
    return [...spoken, ...certified];
  });
}
