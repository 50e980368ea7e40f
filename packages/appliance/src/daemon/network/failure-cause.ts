import type { Cause } from '../../console/errors/cause.ts';
import type { ApplianceStatus } from '../../local/status.ts';
import { localCause, nameOf } from './local-cause.ts';
import { managementPort, type NetworkView } from './network-view.ts';

type Failure = NonNullable<ApplianceStatus['failure']>;

/** Why an attempt failed, in the words of `NETWORK ERR`: what is wrong with the machine's own network goes before what the connection saw. */
export function failureCause(failure: Failure, view: NetworkView, family: 4 | 6): Cause {
  switch (failure.kind) {
    case 'dns':
      return localCause(view, family) ?? dnsCause(failure, view);
    case 'connect-timeout':
    case 'unreachable':
      return localCause(view, family) ?? { kind: 'platform-timeout' };
    // Somebody answered: the network is well.
    case 'refused':
    case 'closed':
    case 'deadline':
    case 'cancelled':
      return { kind: 'platform-timeout' };
    case 'proxy-connect-timeout':
      // Silence may be our own network's fault; a proxy that answered in any way is not.
      return (answered(failure) ? null : localCause(view, family)) ?? { kind: 'proxy-timeout', ntlm: ntlmIn(failure) };
    case 'proxy-closed':
    case 'proxy-no-http':
    case 'proxy-no-auth':
      return { kind: failure.kind, ntlm: ntlmIn(failure) };
    case 'proxy-status':
    case 'proxy-auth-refused':
      return { kind: 'proxy-status', status: failure.proxy?.status ?? 407, ntlm: ntlmIn(failure) };
    case 'tls-handshake':
      return { kind: 'tls-handshake' };
    case 'intercepted':
    case 'certificate':
      return { kind: 'certificate' };
    case 'answer':
    case 'signature':
      return { kind: 'platform-answer' };
    default:
      // A problem's code, or `http-502` of something that does not explain itself.
      return { kind: failure.kind.startsWith('http-') ? 'platform-answer' : 'platform-refused' };
  }
}

const ntlmIn = (failure: Failure) => failure.proxy?.ntlm ?? false;
const answered = ({ detail }: Failure) => /refused|connected/.test(detail);

function dnsCause(failure: Failure, view: NetworkView): Cause {
  const port = nameOf(managementPort(view));
  if (view.dns.length === 0) return { kind: 'no-dns-server', port };
  // getaddrinfo: EAI_AGAIN is "no server answered", ENOTFOUND is the answer of one.
  return { kind: 'dns-failed', port, answered: !/EAI_AGAIN|ETIMEOUT|ETIMEDOUT|ECONNREFUSED/.test(failure.detail) };
}
