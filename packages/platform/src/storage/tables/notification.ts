import type { ColumnType, Generated } from 'kysely';

type Nullable<T> = ColumnType<T | null, T | null | undefined, T | null>;
type Json = ColumnType<unknown, string, string>;

type DeliveryState = 'waiting' | 'sending' | 'sent' | 'dead';
type DeliveryStateColumn = ColumnType<DeliveryState, 'waiting' | undefined, DeliveryState>;

/** What happened, written in the transaction in which it did. */
export interface OutboxEventTable {
  subscription_id: number;
  id: Generated<number>;
  kind: string;
  at: Date;
  event: Json;
  spread_at: Nullable<Date>;
}

export interface MailServerTable {
  subscription_id: number;
  host: string;
  port: number;
  security: 'tls' | 'starttls' | 'none';
  login: Nullable<string>;
  password: Nullable<Uint8Array>;
  sender: string;
  ca_pem: Nullable<string>;
  changed_at: Date;
  changed_by: string;
}

export interface WebhookTable {
  subscription_id: number;
  id: Generated<number>;
  name: string;
  url: string;
  kinds: Json;
  enabled: boolean;
  ca_pem: Nullable<string>;
  secret: Uint8Array;
  created_at: Date;
  created_by: string;
}

export interface NotificationChoiceTable {
  subscription_id: number;
  account_id: number;
  kinds: Json;
}

/** One message to one receiver. */
export interface DeliveryTable {
  subscription_id: number;
  id: Generated<number>;
  public_id: Generated<string>;
  kind: string;
  event: Json;
  at: Date;
  account_id: Nullable<number>;
  webhook_id: Nullable<number>;
  state: DeliveryStateColumn;
  attempts: Generated<number>;
  next_at: Date;
  claimed_until: Nullable<Date>;
  last_error: Nullable<string>;
  created_at: Date;
  ended_at: Nullable<Date>;
}

export interface PresenceWatchTable {
  subscription_id: number;
  looked_at: Date;
  present_since: Date;
}

export interface ApplianceOutageTable {
  subscription_id: number;
  id: Generated<number>;
  appliance_id: number;
  last_contact: Date;
  noticed_at: Date;
  ended_at: Nullable<Date>;
}
