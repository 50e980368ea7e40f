import type { Generated } from 'kysely';
import type { JsonDefault } from '../column-types.ts';

export interface ExclusionTable {
  subscription_id: number;
  id: Generated<number>;
  targets: string;
  names: JsonDefault;
  reason: string;
  updated_at: Generated<Date>;
  updated_by: string;
}

export interface ExclusionRangeTable {
  subscription_id: number;
  exclusion_id: number;
  first_address: string;
  last_address: string;
}
