import { type OptionProfile, scanOptions } from '@picket/contracts/api/option-profile';
import { ago } from './fixture-data.ts';

const builtIn: OptionProfile = {
  id: 2,
  name: 'Normal',
  builtIn: true,
  version: 1,
  everybody: true,
  owner: null,
  options: scanOptions.parse({}),
  schedules: 0,
  mayChange: false,
  updatedAt: null,
  updatedBy: null,
};

/** Option profiles of the sample platform. */
export const sampleOptionProfiles: readonly OptionProfile[] = [
  builtIn,
  {
    ...builtIn,
    id: 101,
    name: 'Printers',
    builtIn: false,
    version: 3,
    owner: 'manager',
    options: scanOptions.parse({ profile: 'gentle', ports: '80,443,631,9100', rate: 50, checks: false }),
    schedules: 1,
    mayChange: true,
    updatedAt: ago(60 * 24),
    updatedBy: 'manager',
  },
];
