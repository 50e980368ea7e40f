import type { Generated } from 'kysely';
import type { Json, JsonDefault, Nullable } from '../column-types.ts';

export interface TimeWindowTable {
  subscription_id: number;
  id: Generated<number>;
  name: string;
  kind: 'allow' | 'blackout';
  zone: string;
  weekly: JsonDefault;
  dates: JsonDefault;
  everywhere: Generated<boolean>;
  updated_at: Generated<Date>;
  updated_by: string;
}

export interface ScanWindowTable {
  subscription_id: number;
  scan_id: number;
  window_id: number;
}

export interface ScheduleTable {
  subscription_id: number;
  id: Generated<number>;
  name: string;
  zone: string;
  recurrence: Json;
  request: Json;
  enabled: Generated<boolean>;
  overlap: 'skip' | 'queue';
  catch_up_minutes: number;
  owner_account: number;
  owner_login: string;
  next_at: Nullable<Date>;
  runs: Generated<number>;
  missed: Generated<number>;
  created_at: Generated<Date>;
  updated_at: Generated<Date>;
}

export interface ScheduleRunTable {
  subscription_id: number;
  schedule_id: number;
  due_at: Date;
  at: Date;
  outcome: 'starting' | 'waiting' | 'launched' | 'missed';
  reason: Nullable<string>;
  detail: Nullable<string>;
  scan_id: Nullable<number>;
  manual: Generated<boolean>;
}
