import type { Kysely } from 'kysely';
import type { Schema } from '../storage/schema.ts';

/** Who did it: a person's scope, or `{subscriptionId, login: 'system'}` or `'appliance:<id>'`. */
export interface AuditActor {
  readonly subscriptionId: number;
  readonly login: string;
}

export interface AuditRecord {
  /** Dotted and stable, e.g. `scan.launch`. */
  readonly action: string;
  /** What it was done to, e.g. `scan:12`. */
  readonly subject: string;
  /** Never secrets. */
  readonly detail?: Readonly<Record<string, string | number | boolean | null>>;
  /** Where the request came from. */
  readonly address?: string;
}

/** Writes one entry; give the transaction of the change, so that neither is there without the other. */
export async function recordAudit(actor: AuditActor, executor: Kysely<Schema>, record: AuditRecord): Promise<void> {
  await executor
    .insertInto('audit_entry')
    .values({
      subscription_id: actor.subscriptionId,
      actor: actor.login,
      action: record.action,
      subject: record.subject,
      detail: JSON.stringify(record.detail ?? {}),
      address: record.address ?? null,
    })
    .execute();
}
