import type { Generated } from 'kysely';
import type { Json, JsonDefault, Nullable, NullableJson } from '../column-types.ts';

export interface AssetTable {
  subscription_id: number;
  id: Generated<number>;
  public_id: Generated<string>;
  network_id: number;
  address: string;
  name: Nullable<string>;
  names: JsonDefault;
  mac: Nullable<string>;
  mac_vendor: Nullable<string>;
  os: Nullable<string>;
  os_confidence: Nullable<number>;
  os_evidence: Nullable<string>;
  first_seen: Date;
  last_seen: Date;
  last_scanned: Nullable<Date>;
}

export interface ServiceTable {
  subscription_id: number;
  id: Generated<number>;
  asset_id: number;
  protocol: 'tcp' | 'udp';
  port: number;
  state: string;
  reason: Nullable<string>;
  service: Generated<string>;
  tunnel: Nullable<string>;
  vendor: Nullable<string>;
  product: Nullable<string>;
  version: Nullable<string>;
  info: Nullable<string>;
  cpes: JsonDefault;
  confidence: Generated<number>;
  method: Nullable<string>;
  evidence: NullableJson;
  tls: NullableJson;
  first_seen: Date;
  last_seen: Date;
  scan_id: Nullable<number>;
}

export interface CheckInfoTable {
  subscription_id: number;
  id: string;
  number: number;
  name: string;
  severity: string;
  info: Json;
  content_version: string;
}

export type DetectionStatusColumn = 'new' | 'active' | 'fixed' | 'reopened';

export interface DetectionTable {
  subscription_id: number;
  id: Generated<number>;
  public_id: Generated<string>;
  asset_id: number;
  check_id: string;
  protocol: Generated<string>;
  port: Generated<number>;
  instance: Generated<string>;
  name: string;
  severity: string;
  severity_rank: number;
  proof: string;
  status: DetectionStatusColumn;
  evidence: JsonDefault;
  content_version: string;
  first_seen: Date;
  last_seen: Date;
  last_tested: Date;
  fixed_at: Nullable<Date>;
  times_found: Generated<number>;
  not_evaluable: Nullable<string>;
  scan_id: Nullable<number>;
}

export interface DetectionHistoryTable {
  subscription_id: number;
  detection_id: number;
  at: Date;
  scan_id: Nullable<number>;
  from_status: Nullable<string>;
  to_status: string;
}
