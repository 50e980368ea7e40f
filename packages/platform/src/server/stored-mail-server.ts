import type { Kysely } from 'kysely';
import type { TenantScope } from '../jobs/settle-scan.ts';
import type { MailServer } from './mail.ts';
import type { SecretBox } from './secret-box.ts';
import type { Schema } from '../storage/schema.ts';

export interface StoredMailServer {
  readonly host: string;
  readonly port: number;
  readonly security: 'tls' | 'starttls' | 'none';
  readonly login: string | null;
  readonly password: Uint8Array | null;
  readonly sender: string;
  readonly ca_pem: string | null;
  readonly changed_at: Date;
  readonly changed_by: string;
}

export async function readMailServer(scope: TenantScope, db: Kysely<Schema>): Promise<StoredMailServer | null> {
  const row = await db
    .selectFrom('mail_server')
    .select(['host', 'port', 'security', 'login', 'password', 'sender', 'ca_pem', 'changed_at', 'changed_by'])
    .where('subscription_id', '=', scope.subscriptionId)
    .executeTakeFirst();
  return row ?? null;
}

export async function storeMailServer(scope: TenantScope, trx: Kysely<Schema>, given: StoredMailServer): Promise<void> {
  await trx
    .insertInto('mail_server')
    .values({ subscription_id: scope.subscriptionId, ...given })
    .onConflict((conflict) => conflict.column('subscription_id').doUpdateSet({ ...given }))
    .execute();
}

export async function deleteMailServer(scope: TenantScope, trx: Kysely<Schema>): Promise<void> {
  await trx.deleteFrom('mail_server').where('subscription_id', '=', scope.subscriptionId).execute();
}

/** Where a sealed password of a mail server opens. */
export function mailServerPlace(scope: TenantScope): string {
  return `mail-server:${scope.subscriptionId}`;
}

/** The stored settings with the password opened. */
export function usable(stored: StoredMailServer, box: SecretBox, scope: TenantScope): MailServer {
  const { host, port, security, login, password, sender, ca_pem } = stored;
  return {
    host,
    port,
    security,
    login:
      login === null || password === null
        ? null
        : { user: login, password: box.open(password, mailServerPlace(scope)) },
    from: sender,
    caPem: ca_pem,
  };
}
