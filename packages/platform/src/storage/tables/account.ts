import type { Generated } from 'kysely';
import type { JsonDefault, Nullable } from '../column-types.ts';

export type AccountRole = 'manager' | 'auditor' | 'unit-manager' | 'scanner' | 'reader';

export interface AccountTable {
  subscription_id: number;
  id: Generated<number>;
  login: string;
  name: string;
  email: Nullable<string>;
  role: AccountRole;
  password_hash: string;
  password_change_needed: Generated<boolean>;
  password_expires_at: Nullable<Date>;
  terms_version: Nullable<string>;
  terms_accepted_at: Nullable<Date>;
  disabled: Generated<boolean>;
  created_at: Generated<Date>;
  last_sign_in_at: Nullable<Date>;
  previous_sign_in_at: Nullable<Date>;
  business_unit_id: Nullable<number>;
  has_password: Generated<boolean>;
}

export interface SessionTable {
  subscription_id: number;
  token_hash: Uint8Array;
  account_id: number;
  csrf_token: string;
  created_at: Generated<Date>;
  last_used_at: Generated<Date>;
  expires_at: Date;
  address: Nullable<string>;
  user_agent: Nullable<string>;
  id: Generated<number>;
  method: Generated<string>;
}

export interface ApiTokenTable {
  subscription_id: number;
  id: Generated<number>;
  account_id: number;
  name: string;
  scope: 'read' | 'scan' | 'admin';
  token_hash: Uint8Array;
  ending: string;
  created_at: Generated<Date>;
  expires_at: Date;
  last_used_at: Nullable<Date>;
  last_address: Nullable<string>;
}

export interface TotpFactorTable {
  subscription_id: number;
  account_id: number;
  sealed_secret: Uint8Array;
  created_at: Date;
  confirmed_at: Nullable<Date>;
  last_step: Nullable<number>;
}

export interface RecoveryCodeTable {
  subscription_id: number;
  account_id: number;
  code_hash: Uint8Array;
}

export interface PasskeyTable {
  subscription_id: number;
  id: Generated<number>;
  account_id: number;
  name: string;
  credential_id: string;
  public_key: Uint8Array;
  counter: number;
  transports: JsonDefault;
  synced: boolean;
  created_at: Date;
  last_used_at: Nullable<Date>;
}

export interface SignInChallengeTable {
  challenge_hash: Uint8Array;
  purpose: string;
  subscription_id: number;
  account_id: Nullable<number>;
  payload: JsonDefault;
  expires_at: Date;
}

export interface SignInGuardTable {
  login_hash: string;
  address_hash: string;
  failures: number;
  last_failure_at: Nullable<Date>;
  locked_until: Nullable<Date>;
  known_until: Nullable<Date>;
}
