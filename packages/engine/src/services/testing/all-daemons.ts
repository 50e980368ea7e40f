import { applicationDaemons } from './application-daemons.ts';
import { classicDaemons } from './classic-daemons.ts';
import type { Daemon } from './daemon.ts';
import { dataDaemons } from './data-daemons.ts';
import { infrastructureDaemons } from './infrastructure-daemons.ts';
import { networkDaemons } from './network-daemons.ts';
import { webDaemons } from './web-daemons.ts';

/** Every daemon that proves a probe. */
export const allDaemons: readonly Daemon[] = [
  ...webDaemons,
  ...dataDaemons,
  ...networkDaemons,
  ...classicDaemons,
  ...infrastructureDaemons,
  ...applicationDaemons,
];

/** The Debian packages that they come from, for a set-up that installs what the tests need. */
export const daemonPackages: readonly string[] = [
  ...new Set(allDaemons.flatMap(({ dpkg, needs }) => [dpkg, ...(needs ?? [])])),
].sort();
