import { err, ok } from '@picket/base/result';
import type { Connector } from '../connector.ts';
import { classifyError, plainFailure } from '../failure.ts';
import { openTcp } from './open-tcp.ts';

/** TCP without a proxy. `timeoutMs` bounds name and connection. */
export function directConnector(timeoutMs = 10_000): Connector {
  return {
    open: async (destination, signal) => {
      const { host } = destination;
      const opened = await openTcp(destination, timeoutMs, signal);
      if (opened.ok) return ok({ stream: opened.value, via: null });
      const { error } = opened;
      if (error.kind === 'error') return err(classifyError(host, 'connect', error.error));
      if (error.kind === 'cancelled') return err(plainFailure(host, 'cancelled', 'aborted'));
      return err(plainFailure(host, 'connect-timeout', `${timeoutMs} ms`));
    },
  };
}
