import type { ColumnType, Generated } from 'kysely';
import type { Json, JsonDefault, Nullable, NullableJson } from '../column-types.ts';

export interface ApplianceTable {
  subscription_id: number;
  id: Generated<number>;
  name: string;
  state: 'provisioned' | 'active' | 'revoked' | 'suspect';
  public_key: Nullable<string>;
  key_id: Nullable<string>;
  kind: Nullable<string>;
  lan_address: Nullable<string>;
  hostname: Nullable<string>;
  software_version: Nullable<string>;
  content_version: Nullable<string>;
  available_percent: Nullable<number>;
  capacity: Nullable<number>;
  connection: Generated<string>;
  last_contact: Nullable<Date>;
  poll_interval_seconds: Generated<number>;
  heartbeat_seconds: Generated<number>;
  spool: NullableJson;
  trouble: JsonDefault;
  current_instance: Nullable<string>;
  created_at: Generated<Date>;
  revoked_at: Nullable<Date>;
}

export interface ApplianceScanNetworkTable {
  subscription_id: number;
  appliance_id: number;
  generation: number;
  document: Json;
  changed_at: Date;
  changed_by: string;
  state: Generated<'pending' | 'applied' | 'rolled-back' | 'refused' | 'unsupported'>;
  detail: Nullable<string>;
  reported_at: Nullable<Date>;
}

export interface ApplianceUpdateTable {
  subscription_id: number;
  appliance_id: number;
  minute: Nullable<number>;
  asked: Generated<number>;
  asked_at: Nullable<Date>;
  report: NullableJson;
  reported_at: Nullable<Date>;
}

export interface ApplianceNetworkErrorTable {
  subscription_id: number;
  appliance_id: number;
  report_id: string;
  code: string;
  description: string;
  e_code: string;
  raised_at: Date;
  cleared_at: Nullable<Date>;
  reported_at: Date;
}

export interface ApplianceDoctorTable {
  subscription_id: number;
  appliance_id: number;
  request_id: string;
  requested_at: Date;
  requested_by: string;
  report: NullableJson;
}

export interface ApplianceNetworkTable {
  subscription_id: number;
  appliance_id: number;
  network_id: number;
}

export interface ApplianceInstanceTable {
  subscription_id: number;
  appliance_id: number;
  instance: string;
  high_sequence: number;
  /** 64 bits as a signed number: beyond 2^53 as a rule. Select it as text (`seen_window::text`), give it as text. */
  seen_window: ColumnType<never, string, string>;
  first_seen: Generated<Date>;
  last_seen: Generated<Date>;
  superseded_at: Nullable<Date>;
}

export interface PendingDeviceTable {
  key_id: string;
  public_key: string;
  code_hash: Uint8Array;
  code_salt: Uint8Array;
  facts: Json;
  address: Nullable<string>;
  first_seen: Generated<Date>;
  last_seen: Generated<Date>;
  expires_at: Date;
}

export interface PersonalizationCodeTable {
  code_hash: Uint8Array;
  subscription_id: number;
  appliance_id: number;
  created_at: Generated<Date>;
  expires_at: Date;
  used_at: Nullable<Date>;
}
