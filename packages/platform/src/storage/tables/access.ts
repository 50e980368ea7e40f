import type { Generated } from 'kysely';
import type { Nullable } from '../column-types.ts';

export interface BusinessUnitTable {
  subscription_id: number;
  id: Generated<number>;
  name: string;
  comments: Generated<string>;
  created_at: Generated<Date>;
}

export interface AssetGroupTable {
  subscription_id: number;
  id: Generated<number>;
  name: string;
  comments: Generated<string>;
  business_unit_id: Nullable<number>;
  covers_all: Generated<boolean>;
  created_at: Generated<Date>;
}

export interface AssetGroupRangeTable {
  subscription_id: number;
  asset_group_id: number;
  network_id: number;
  kind: 'range' | 'exclusion';
  first_address: string;
  last_address: string;
}

export interface AssetGroupApplianceTable {
  subscription_id: number;
  asset_group_id: number;
  appliance_id: number;
}

export interface AssetGroupAccountTable {
  subscription_id: number;
  asset_group_id: number;
  account_id: number;
}

export interface ScanRangeTable {
  subscription_id: number;
  scan_id: number;
  first_address: string;
  last_address: string;
}

export interface InvitationTable {
  subscription_id: number;
  id: Generated<number>;
  token_hash: Uint8Array;
  login: string;
  name: string;
  email: Nullable<string>;
  role: 'manager' | 'auditor' | 'unit-manager' | 'scanner' | 'reader';
  business_unit_id: Nullable<number>;
  invited_by: number;
  invited_by_login: string;
  valid_days: number;
  sent_at: Date;
  expires_at: Date;
}

export interface AssetGroupInvitationTable {
  subscription_id: number;
  asset_group_id: number;
  invitation_id: number;
}
