import { agentSystem } from './enterprise-numbers.ts';
import type { SeenService } from './evidence.ts';
import { agentId } from './service-claims.ts';
import type { WindowsRole } from './windows-releases.ts';

/** Server roles that Windows offers on its server editions only. */
const serverOnly = /Exchange|Active Directory|Microsoft DNS|Windows Server|Domain Controller/i;

/** Whether the services of a Windows tell desk from computer room; null where they do not. */
export function windowsRole(services: readonly SeenService[]): WindowsRole {
  for (const service of services) {
    const objectId = agentId(service);
    const role = objectId === null ? undefined : agentSystem(objectId)?.role;
    if (role !== undefined) return role;
  }
  const words = services.map(({ product = '', vendor = '', os }) => `${vendor} ${product} ${os?.product ?? ''}`);
  return words.some((text) => serverOnly.test(text)) ? 'server' : null;
}
