import type { Cause } from '../console/errors/cause.ts';
import { type NetworkError, networkError } from '../console/errors/network-error.ts';
import { portCause, type NetworkCause } from './connectivity.ts';
import type { PortFacts } from './network-facts.ts';

/** What is wrong with a port with the settings in force, in the codes of `NETWORK ERR`; null when it looks well. Pure. */
export function portError(name: 'lan' | 'wan', port: PortFacts): (NetworkError & { readonly detail: string }) | null {
  const found = portCause(name, port);
  return found === null ? null : { ...networkError('in-force', causeOf(found)), detail: found.detail };
}

function causeOf({ kind, port, family, loopback, serverAnswered }: NetworkCause): Cause {
  switch (kind) {
    case 'interface-down':
      return { kind: 'iface-down', port };
    case 'no-carrier':
      return { kind, port };
    case 'invalid-configuration':
      return { kind: 'invalid-config', port, loopback };
    case 'no-address':
    case 'no-gateway':
      return { kind, port, family };
    case 'no-dns-servers':
      return { kind: 'no-dns-server', port };
    case 'dns-failed':
      return { kind, port, answered: serverAnswered };
  }
}
