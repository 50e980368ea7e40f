import type { FuzzTarget } from './fuzz-target.ts';
import { contentTargets } from './targets/content-targets.ts';
import { messageTargets } from './targets/message-targets.ts';
import { osTargets } from './targets/os-targets.ts';
import { probeTargets } from './targets/probe-targets.ts';
import { scriptTargets } from './targets/script-targets.ts';
import { tlsTargets } from './targets/tls-targets.ts';
import { wireTargets } from './targets/wire-targets.ts';

/** Every decoder under test. A test holds the list against the `decode…` and `parse…` functions of the sources. */
export const fuzzTargets: readonly FuzzTarget[] = [
  ...wireTargets,
  ...tlsTargets,
  ...messageTargets,
  ...probeTargets,
  ...contentTargets,
  ...osTargets,
  ...scriptTargets,
];
