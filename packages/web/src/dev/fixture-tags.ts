import { type Tag, tagRule } from '@picket/contracts/api/tag';
import { ago } from './fixture-data.ts';

/** Tags of the sample platform. */
export const sampleTags: readonly Tag[] = [
  { id: 1, name: 'Fragile', kind: 'manual', rule: null, updatedAt: ago(60 * 24 * 9), updatedBy: 'manager' },
  {
    id: 2,
    name: 'SSH on Linux',
    kind: 'rule',
    rule: tagRule.parse({ os: 'Linux', port: 22, protocol: 'tcp', ranges: '10.20.0.0/16' }),
    updatedAt: ago(60 * 24),
    updatedBy: 'manager',
  },
];
