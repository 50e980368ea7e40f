import { fileURLToPath } from 'node:url';

/** Entry points of the processes that this package starts; each runs under the same Node.js. */
export const programs = {
  platform: fileURLToPath(import.meta.resolve('@picket/platform/main')),
  appliance: fileURLToPath(import.meta.resolve('@picket/appliance/daemon/main')),
  /** Starts the appliance and can go back to software that worked. */
  launcher: fileURLToPath(import.meta.resolve('@picket/appliance/launcher/main')),
  console: fileURLToPath(import.meta.resolve('@picket/appliance/console/main')),
} as const;

/** The project's folder. */
export const projectRoot = fileURLToPath(new URL('../../..', import.meta.url));
