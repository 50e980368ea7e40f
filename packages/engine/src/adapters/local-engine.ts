import type { Clock } from '@picket/base/clock';
import type { Log } from '@picket/base/log';
import type { Random } from '@picket/base/random';
import { canonicalIp } from '@picket/base/ip';
import { userError } from '@picket/base/error';
import { createRunChecks } from '../checks/run-checks.ts';
import { nameQuestions } from '../names/questions.ts';
import type { PacketOptions } from '../packets/loop-config.ts';
import type { EngineDeps } from '../run/run-job.ts';
import { createIdentifyOs } from '../os/identify-os.ts';
import { createIdentifyService } from '../services/identify.ts';
import type { UserProbes } from '../services/user-probes.ts';
import { udpPayloads } from '../services/udp-payloads.ts';
import { loadAllowList } from './allow-list-file.ts';
import { loadContent } from './content-loader.ts';
import { nodeDnsPort } from './node-dns-port.ts';
import { loginTriesFile } from './login-tries-file.ts';
import { nodeResolver } from './node-resolver.ts';
import { nodeSockets } from './node-sockets.ts';
import { oastListener } from './oast-listener.ts';
import { chooseProbeMode, type WantedMode } from './probe-mode.ts';
import { scriptThreads } from './script-thread.ts';
import { macVendors } from './vendor-file.ts';

export interface LocalEngineOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Checks and fingerprints. Null: services are not identified and nothing is checked. */
  readonly contentDirectory: string | null;
  /** Further folders of templates, such as a public collection; their checks run beside those of the content. */
  readonly templateDirectories?: readonly string[];
  /** Where it remembers what compiling templates gave. Default: nowhere. */
  readonly cacheDirectory?: string | null;
  /** Where it counts tries to log in over the ends of jobs. Default: nowhere, each job counts for itself. */
  readonly loginTriesFile?: string | null;
  /** The local list with the last word; a missing file is no list, an unusable one allows nothing. */
  readonly allowListFile: string | null;
  /** An address of this machine that targets can call back to, and its port (default: a free one). Absent: nothing listens. */
  readonly oast?: { readonly address: string; readonly port?: number; readonly domain?: string } | null;
  /** False: neither DNS nor the hosts are asked for names. Default true. */
  readonly names?: boolean;
  /** IPv4 addresses of the WINS servers of this machine (DHCP option 44 or set by hand). Default: none. */
  readonly winsServers?: readonly string[];
  /** Service probes of the user, asked after our own; see `loadServiceProbes`. */
  readonly userProbes?: UserProbes | null;
  /** Give payloads to the UDP ports of fragile devices too. Default: they are spared. */
  readonly askFragile?: boolean;
  /** Default `auto`. `raw` throws a user error where raw packets can't be had. */
  readonly mode?: WantedMode;
  readonly packetOptions?: PacketOptions;
}

/**
 * The engine on this machine: its sockets, a content folder and the local allow-list. Throws a user error when the content
 * can't be used as a whole; single bad items are told to the log and left out.
 */
export async function openLocalEngine(options: LocalEngineOptions): Promise<EngineDeps> {
  const { clock, random, log, allowListFile, contentDirectory, winsServers, userProbes } = options;
  const allowed = allowListFile === null ? { ranges: null } : await loadAllowList(allowListFile);
  if (allowed.error !== undefined) log.write('error', 'allow-list.unusable', { detail: allowed.error });
  const content =
    contentDirectory === null
      ? null
      : await loadContent(contentDirectory, options.templateDirectories, options.cacheDirectory);
  for (const { file, kind, message } of content?.problems ?? []) {
    log.write('warning', 'content.item-refused', { file, kind, message });
  }
  const probing = chooseProbeMode(options.mode ?? 'auto', options.packetOptions);
  if (typeof probing === 'string') throw userError('engine.no-raw-packets', probing);
  return {
    clock,
    random,
    log,
    sockets: nodeSockets(),
    ...probing,
    resolver: options.names === false ? null : nodeResolver(() => clock.monotonic()),
    names: {
      questions: options.names === false ? [] : nameQuestions,
      winsServers: (options.names === false ? [] : (winsServers ?? [])).flatMap((server) => canonicalIp(server) ?? []),
      vendorOf: macVendors(),
    },
    identify: content && createIdentifyService({ fingerprints: content.fingerprints, userProbes: userProbes ?? null }),
    identifyOs: content && createIdentifyOs({ fingerprints: content.fingerprints }),
    checks:
      content &&
      createRunChecks(content, undefined, {
        scripts: scriptThreads(),
        ...(options.loginTriesFile ? { loginTries: loginTriesFile(options.loginTriesFile) } : {}),
        dns: options.names === false ? null : nodeDnsPort(),
        oast: options.oast ? oastListener({ ...options.oast, random }) : null,
      }),
    installedChecks: content === null ? 0 : content.checks.length + content.workflows.length,
    udpPayloads: udpPayloads(undefined, options.askFragile),
    localAllowList: allowed.ranges,
  };
}
