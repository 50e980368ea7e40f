import { err } from '@picket/base/result';
import { plainFailure } from '@picket/outbound/failure';
import type { HttpClient } from '@picket/outbound/http-client';
import { originOf } from '@picket/outbound/origin';

/** A client whose connections can be given up for new ones: after a change of the network the old ones lead nowhere. */
export interface RenewableHttp extends HttpClient {
  renew(): void;
}

/** Requests that a renewal cut off end as `cancelled`: their failure says nothing about the new network. */
export function renewableHttp(open: () => HttpClient): RenewableHttp {
  let current = open();
  return {
    get origin() {
      return current.origin;
    },
    request: async (request) => {
      const mine = current;
      const result = await mine.request(request);
      if (result.ok || mine === current) return result;
      return err(
        plainFailure(originOf(mine.origin).host, 'cancelled', 'the network changed', result.error.maybeDelivered),
      );
    },
    close: () => current.close(),
    renew: () => {
      const old = current;
      current = open();
      old.close();
    },
  };
}
