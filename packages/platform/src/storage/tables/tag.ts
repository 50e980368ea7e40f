import type { Generated } from 'kysely';
import type { NullableJson } from '../column-types.ts';

export interface TagTable {
  subscription_id: number;
  id: Generated<number>;
  name: string;
  rule: NullableJson;
  updated_at: Generated<Date>;
  updated_by: string;
}

export interface TagAssetTable {
  subscription_id: number;
  tag_id: number;
  asset_id: number;
}
