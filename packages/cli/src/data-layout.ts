import { join } from 'node:path';

/** Where everything is below the one data folder (`--data`, default `.picket`). */
export interface DataLayout {
  readonly platform: string;
  readonly appliance: string;
  readonly logs: string;
}

export function dataLayout(dataDirectory: string): DataLayout {
  return {
    platform: join(dataDirectory, 'platform'),
    appliance: join(dataDirectory, 'appliance'),
    logs: join(dataDirectory, 'logs'),
  };
}
