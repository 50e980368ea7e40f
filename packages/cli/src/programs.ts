import { fileURLToPath } from 'node:url';

/** Entry points of the processes that this package starts; each runs under the same Node.js. */
export const programs = {
  platform: fileURLToPath(import.meta.resolve('@picket/platform/main')),
  appliance: fileURLToPath(import.meta.resolve('@picket/appliance/daemon/main')),
  console: fileURLToPath(import.meta.resolve('@picket/appliance/console/main')),
} as const;

/** The project's folder. */
export const projectRoot = fileURLToPath(new URL('../../..', import.meta.url));
