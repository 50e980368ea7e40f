import type { Generated } from 'kysely';
import type { Json, JsonDefault, Nullable, NullableJson } from '../column-types.ts';

export type ScanStatusColumn =
  | 'queued'
  | 'running'
  | 'pausing'
  | 'paused'
  | 'canceling'
  | 'canceled'
  | 'finished'
  | 'error';

export interface ScanTable {
  subscription_id: number;
  id: Generated<number>;
  public_id: Generated<string>;
  kind: 'map' | 'scan';
  title: string;
  status: ScanStatusColumn;
  status_reason: Nullable<string>;
  complete: Nullable<boolean>;
  network_id: number;
  request: Json;
  plan: Json;
  intrusive: Generated<boolean>;
  created_by: string;
  created_at: Generated<Date>;
  started_at: Nullable<Date>;
  ended_at: Nullable<Date>;
  deadline: Nullable<Date>;
  run_limit_minutes: Nullable<number>;
  run_limit_action: Nullable<'pause' | 'cancel'>;
  running_since: Nullable<Date>;
  hold_until: Nullable<Date>;
  paused_by_hold: Nullable<number>;
  fact_revision: Generated<number>;
}

export interface ScanApplianceTable {
  subscription_id: number;
  scan_id: number;
  appliance_id: number;
}

export interface SliceTable {
  subscription_id: number;
  id: Generated<number>;
  scan_id: number;
  number: number;
  blocks: Json;
  state: 'pending' | 'leased' | 'done' | 'cancelled';
  attempt: Generated<number>;
  lease_id: Nullable<string>;
  appliance_id: Nullable<number>;
  leased_at: Nullable<Date>;
  expires_at: Nullable<Date>;
  reported: Nullable<string>;
  rate: Nullable<number>;
  outcome: Nullable<string>;
  reason: Nullable<string>;
  detail: Nullable<string>;
  sent: JsonDefault;
  not_after: Nullable<Date>;
  given_back: Generated<number>;
  /** Compared in SQL; arrays of bigint have no form of their own here. */
  claimed_by: Generated<unknown>;
}

export interface SliceLeaseTable {
  subscription_id: number;
  lease_id: string;
  appliance_id: number;
  scan_id: number;
  slice_id: number;
  attempt: number;
  granted_at: Date;
}

export interface UnitTable {
  subscription_id: number;
  scan_id: number;
  phase: string;
  subject: string;
  slice_id: number;
  address: Nullable<string>;
  state: 'pending' | 'leased' | 'running' | 'done' | 'not-evaluable' | 'cancelled';
  reason: Nullable<string>;
  detail: Nullable<string>;
  counts: JsonDefault;
  coverage: NullableJson;
  probes: NullableJson;
  updated_at: Generated<Date>;
}

export interface ScanFactTable {
  subscription_id: number;
  scan_id: number;
  key: string;
  slice_id: number;
  type: string;
  address: Nullable<string>;
  port: Nullable<number>;
  event: Json;
  at: Date;
}

export interface ScanNoteTable {
  subscription_id: number;
  scan_id: number;
  slice_id: number;
  seq: number;
  at: Date;
  level: string;
  code: string;
  message: string;
  address: Nullable<string>;
}

export interface UploadStreamTable {
  subscription_id: number;
  appliance_id: number;
  stream: string;
  next_seq: Generated<number>;
  updated_at: Generated<Date>;
}

/** "Stop all": while one stands (`lifted_at` is null) nothing is leased. */
export interface HoldTable {
  subscription_id: number;
  id: Generated<number>;
  action: 'pause' | 'cancel';
  reason: string;
  placed_at: Date;
  placed_by: string;
  placed_by_account: number;
  lifted_at: Nullable<Date>;
  lifted_by: Nullable<string>;
}
