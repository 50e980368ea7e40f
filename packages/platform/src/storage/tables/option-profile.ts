import type { Generated } from 'kysely';
import type { Json } from '../column-types.ts';

export interface OptionProfileTable {
  subscription_id: number;
  id: Generated<number>;
  name: string;
  options: Json;
  version: Generated<number>;
  everybody: boolean;
  owner_account: number;
  owner_login: string;
  updated_at: Generated<Date>;
  updated_by: string;
}
