import type { LookupFunction } from 'node:net';
import { err, ok } from '@picket/base/result';
import type { Connector } from '../connector.ts';
import { classifyError, plainFailure } from '../failure.ts';
import { openTcp } from './open-tcp.ts';

/** TCP without a proxy. `timeoutMs` bounds name and connection; `lookup`: default the system's resolver. */
export function directConnector(timeoutMs = 10_000, lookup?: LookupFunction): Connector {
  return {
    open: async (destination, signal) => {
      const { host } = destination;
      const opened = await openTcp(destination, timeoutMs, signal, lookup);
      if (opened.ok) return ok({ stream: opened.value, via: null });
      const { error } = opened;
      if (error.kind === 'error') return err(classifyError(host, 'connect', error.error));
      if (error.kind === 'cancelled') return err(plainFailure(host, 'cancelled', 'aborted'));
      // The system's resolver may be more patient than we are.
      if (error.kind === 'unnamed') return err(plainFailure(host, 'dns', `ETIMEOUT: no DNS server in ${timeoutMs} ms`));
      return err(plainFailure(host, 'connect-timeout', `${timeoutMs} ms`));
    },
  };
}
