import type { Appliance } from '@picket/contracts/api/appliance';
import { z } from 'zod';
import { problemOf } from '../../shared/api/api-error.ts';
import type { ApiClient } from '../../shared/api/client.ts';

/** One thing that is done to many appliances; what is absent of a change stays as it is. */
export type BulkAction =
  | {
      readonly kind: 'change';
      readonly change: {
        readonly pollIntervalSeconds?: number;
        readonly heartbeatSeconds?: number;
        readonly networkIds?: readonly number[];
      };
    }
  | { readonly kind: 'update' }
  | { readonly kind: 'delete' };

/** What became of one of them; `detail` is null when it went well. */
export interface BulkOutcome {
  readonly id: number;
  readonly name: string;
  readonly detail: string | null;
}

/** One after the other, so that one that is refused keeps none of the others back; ends early when the signal aborts. */
export async function runBulk(
  api: Pick<ApiClient, 'send'>,
  appliances: readonly Pick<Appliance, 'id' | 'name'>[],
  action: BulkAction,
  watch: { readonly onOutcome: (outcome: BulkOutcome) => void; readonly signal: AbortSignal },
): Promise<void> {
  for (const { id, name } of appliances) {
    if (watch.signal.aborted) return;
    let detail: string | null = null;
    try {
      if (action.kind === 'change') await api.send(z.unknown(), 'PATCH', `/appliances/${id}`, action.change);
      else if (action.kind === 'update') await api.send(z.unknown(), 'POST', `/appliances/${id}/update-now`, undefined);
      else await api.send(z.unknown(), 'DELETE', `/appliances/${id}`, undefined);
    } catch (error) {
      const { detail: why, hint } = problemOf(error);
      detail = [why, hint].filter(Boolean).join(' ');
    }
    watch.onOutcome({ id, name, detail });
  }
}
