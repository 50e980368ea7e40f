import type { Features } from '@picket/contracts/api/feature';
import type { PollRequest } from '@picket/contracts/poll';
import { type Kysely, sql } from 'kysely';
import { type ApplianceScope, requireActiveState, revoked } from '../../appliance-protocol/authenticate.ts';
import { heldNow } from '../../jobs/hold.ts';
import { featuresWithout, switchedOff } from '../../server/feature-switches.ts';
import type { Schema } from '../../storage/schema.ts';
import type { WaitingScan } from './domain/rate-share.ts';
import { type HeldLease, type HeldLeaseJson, heldLeasesJson, readHeldLeases, waitingScansJson } from './queries.ts';

/** What an answer to a poll is made of beside releases. */
export interface PollFacts {
  readonly settings: { readonly name: string; readonly pollIntervalSeconds: number };
  /** Networks that it serves. */
  readonly networks: readonly number[];
  readonly features: Features;
  /** The scan network document that it should have and does not name; null when it has been given it, whatever became of it. */
  readonly document: unknown;
  /** The examination that it still owes; null: none. */
  readonly examine: string | null;
  /** "Stop all" is in force. */
  readonly held: boolean;
  /** Leases that it holds. */
  readonly leases: readonly HeldLease[];
  /** Jobs that have slices for it. */
  readonly waiting: readonly WaitingScan[];
}

type Row = Omit<PollFacts, 'settings' | 'features' | 'leases'> &
  PollFacts['settings'] & {
    readonly state: string;
    readonly off: readonly string[];
    readonly leases: readonly HeldLeaseJson[];
  };

/** One query, because every poll of every appliance asks it. Refuses while the appliance is revoked, gone or suspect. */
export async function readPollFacts(
  scope: ApplianceScope,
  db: Kysely<Schema>,
  { scanNetwork, applying }: Pick<PollRequest, 'scanNetwork' | 'applying'>,
): Promise<PollFacts> {
  const { subscriptionId, applianceId } = scope;
  const own = sql`subscription_id = ${subscriptionId} and appliance_id = ${applianceId}`;
  const { rows } = await sql<Row>`
    select state, name, poll_interval_seconds as "pollIntervalSeconds",
      (select coalesce(json_agg(network_id), '[]'::json) from appliance_network where ${own}) as networks,
      ${switchedOff(subscriptionId)} as off,
      (select document from appliance_scan_network where ${own}
        and generation not in (${scanNetwork?.generation ?? 0}, ${applying?.generation ?? 0})) as document,
      (select request_id from appliance_doctor where ${own} and report is null) as examine,
      ${heldNow(subscriptionId)} as held, ${heldLeasesJson(scope)} as leases, ${waitingScansJson(scope)} as waiting
    from appliance where subscription_id = ${subscriptionId} and id = ${applianceId}`.execute(db);
  const [row] = rows;
  if (!row) throw revoked();
  requireActiveState(row.state);
  const { name, pollIntervalSeconds, off, networks, document, examine, held, leases, waiting } = row;
  return {
    settings: { name, pollIntervalSeconds },
    features: featuresWithout(off),
    networks,
    document,
    examine,
    held,
    leases: readHeldLeases(leases),
    waiting,
  };
}
